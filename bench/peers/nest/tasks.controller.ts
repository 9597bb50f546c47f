import { Body, Controller, Get, Inject, Post, UseGuards } from "@nestjs/common";
import { count, desc, eq } from "drizzle-orm";
import { DATABASE, type Database } from "./database.js";
import { CreateTaskDto, validated } from "./dto.js";
import { JwtGuard, UserId } from "./jwt.guard.js";
import { tasks } from "./schema.js";

const pageSize = 20;

@Controller("api/tasks")
@UseGuards(JwtGuard)
export class TasksController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  async list(@UserId() userId: string) {
    const isOwn = eq(tasks.userId, userId);
    const [data, [counted]] = await Promise.all([
      this.db.select().from(tasks).where(isOwn).orderBy(desc(tasks.createdAt)).limit(pageSize),
      this.db.select({ total: count() }).from(tasks).where(isOwn),
    ]);
    return { data, total: counted?.total ?? 0 };
  }

  @Post()
  async create(
    @UserId() userId: string,
    @Body(validated(CreateTaskDto)) { title, description }: CreateTaskDto,
  ) {
    const row = { userId, title, description: description ?? null };
    const [task] = await this.db.insert(tasks).values(row).returning();
    return task;
  }
}
