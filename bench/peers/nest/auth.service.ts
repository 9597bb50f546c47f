import { createHash, randomBytes } from "node:crypto";
import {
  BadRequestException,
  ConflictException,
  ForbiddenException,
  Inject,
  Injectable,
  UnauthorizedException,
} from "@nestjs/common";
import { JwtService } from "@nestjs/jwt";
import { compare, hash } from "bcryptjs";
import { and, eq, gt } from "drizzle-orm";
import { sendEmail } from "../send-email.js";
import { DATABASE, type Database } from "./database.js";
import type { LoginDto, RegisterDto, ResetDto } from "./dto.js";
import { emailTokens, refreshTokens, users } from "./schema.js";

const rounds = 12;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const newToken = () => randomBytes(32).toString("base64url");
const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000);

@Injectable()
export class AuthService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(JwtService) private readonly jwt: JwtService,
  ) {}

  async register({ email, name, password }: RegisterDto) {
    const [existing] = await this.db.select().from(users).where(eq(users.email, email));
    if (existing) throw new ConflictException("Email already in use");
    const passwordHash = await hash(password, rounds);
    const [user] = await this.db.insert(users).values({ email, name, passwordHash }).returning();
    if (!user) throw new ConflictException();
    await this.sendLink(user.id, email, "verify", 24);
    return { id: user.id, email, name };
  }

  async verify(token: string) {
    const found = await this.findEmailToken(token, "verify");
    await this.db.update(users).set({ isVerified: true }).where(eq(users.id, found.userId));
    await this.db.delete(emailTokens).where(eq(emailTokens.id, found.id));
    return { verified: true };
  }

  async login({ email, password }: LoginDto) {
    const [user] = await this.db.select().from(users).where(eq(users.email, email));
    if (!user || !(await compare(password, user.passwordHash))) throw new UnauthorizedException();
    if (!user.isVerified) throw new ForbiddenException("Email not verified");
    return this.issue(user.id, user.email);
  }

  async refresh(refreshToken: string) {
    const [found] = await this.db
      .select()
      .from(refreshTokens)
      .where(and(eq(refreshTokens.tokenHash, sha256(refreshToken)), gt(refreshTokens.expiresAt, new Date())));
    if (!found) throw new UnauthorizedException();
    const [user] = await this.db.select().from(users).where(eq(users.id, found.userId));
    if (!user) throw new UnauthorizedException();
    await this.db.delete(refreshTokens).where(eq(refreshTokens.id, found.id));
    return this.issue(user.id, user.email);
  }

  async me(userId: string) {
    const [user] = await this.db
      .select({ id: users.id, email: users.email, name: users.name, createdAt: users.createdAt })
      .from(users)
      .where(eq(users.id, userId));
    if (!user) throw new UnauthorizedException();
    return user;
  }

  async logout(refreshToken: string) {
    await this.db.delete(refreshTokens).where(eq(refreshTokens.tokenHash, sha256(refreshToken)));
  }

  async forgot(email: string) {
    const [user] = await this.db.select().from(users).where(eq(users.email, email));
    if (user) await this.sendLink(user.id, email, "reset", 1);
    return { message: "Check your email." };
  }

  async reset({ token, password }: ResetDto) {
    const found = await this.findEmailToken(token, "reset");
    const passwordHash = await hash(password, rounds);
    await this.db.update(users).set({ passwordHash }).where(eq(users.id, found.userId));
    await this.db.delete(emailTokens).where(eq(emailTokens.id, found.id));
    await this.db.delete(refreshTokens).where(eq(refreshTokens.userId, found.userId));
  }

  private async issue(sub: string, email: string) {
    const accessToken = await this.jwt.signAsync({ sub, email });
    const refreshToken = newToken();
    const row = { userId: sub, tokenHash: sha256(refreshToken), expiresAt: hoursFromNow(24 * 30) };
    await this.db.insert(refreshTokens).values(row);
    return { accessToken, refreshToken };
  }

  private async sendLink(userId: string, to: string, kind: "verify" | "reset", hours: number) {
    const token = newToken();
    const row = { userId, kind, tokenHash: sha256(token), expiresAt: hoursFromNow(hours) };
    await this.db.insert(emailTokens).values(row);
    sendEmail(kind, to, token);
  }

  private async findEmailToken(token: string, kind: string) {
    const matches = and(eq(emailTokens.tokenHash, sha256(token)), eq(emailTokens.kind, kind));
    const [found] = await this.db
      .select()
      .from(emailTokens)
      .where(and(matches, gt(emailTokens.expiresAt, new Date())));
    if (!found) throw new BadRequestException("Invalid token");
    return found;
  }
}
