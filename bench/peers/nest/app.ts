import "reflect-metadata";
import { type INestApplication, Module } from "@nestjs/common";
import { APP_GUARD, NestFactory } from "@nestjs/core";
import { JwtModule } from "@nestjs/jwt";
import { ThrottlerGuard, ThrottlerModule } from "@nestjs/throttler";
import { AuthController } from "./auth.controller.js";
import { AuthService } from "./auth.service.js";
import { databaseProvider } from "./database.js";
import { TasksController } from "./tasks.controller.js";

@Module({
  imports: [
    JwtModule.register({
      global: true,
      secret: process.env["AUTH_SECRET"] ?? "",
      signOptions: { expiresIn: "15m" },
    }),
    // The throttler counts in memory, with a limit that no run reaches.
    ThrottlerModule.forRoot([{ ttl: 60_000, limit: 1_000_000 }]),
  ],
  controllers: [AuthController, TasksController],
  providers: [AuthService, databaseProvider, { provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class AppModule {}

export const createNest = (): Promise<INestApplication> =>
  NestFactory.create(AppModule, { logger: ["error"] });
