import { boolean, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

const id = () => uuid("id").primaryKey().defaultRandom();
const created = () => timestamp("created_at", { withTimezone: true }).notNull().defaultNow();
const expires = () => timestamp("expires_at", { withTimezone: true }).notNull();
const owner = () =>
  uuid("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

export const users = pgTable("users", {
  id: id(),
  email: text("email").notNull().unique(),
  name: text("name").notNull(),
  passwordHash: text("password_hash").notNull(),
  isVerified: boolean("is_verified").notNull().default(false),
  createdAt: created(),
});

export const refreshTokens = pgTable("refresh_tokens", {
  id: id(),
  userId: owner(),
  tokenHash: text("token_hash").notNull().unique(),
  expiresAt: expires(),
});

export const emailTokens = pgTable("email_tokens", {
  id: id(),
  userId: owner(),
  kind: text("kind").notNull(),
  tokenHash: text("token_hash").notNull().unique(),
  expiresAt: expires(),
});

export const tasks = pgTable("tasks", {
  id: id(),
  userId: owner(),
  title: text("title").notNull(),
  description: text("description"),
  status: text("status").notNull().default("todo"),
  createdAt: created(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
});

export const ddl = `
  create table if not exists users (
    id uuid primary key default gen_random_uuid(), email text not null unique, name text not null,
    password_hash text not null, is_verified boolean not null default false,
    created_at timestamptz not null default now());
  create table if not exists refresh_tokens (
    id uuid primary key default gen_random_uuid(), user_id uuid not null references users (id) on delete cascade,
    token_hash text not null unique, expires_at timestamptz not null);
  create index if not exists refresh_tokens_user on refresh_tokens (user_id);
  create table if not exists email_tokens (
    id uuid primary key default gen_random_uuid(), user_id uuid not null references users (id) on delete cascade,
    kind text not null, token_hash text not null unique, expires_at timestamptz not null);
  create table if not exists tasks (
    id uuid primary key default gen_random_uuid(), user_id uuid not null references users (id) on delete cascade,
    title text not null, description text, status text not null default 'todo',
    created_at timestamptz not null default now(), updated_at timestamptz not null default now());
  create index if not exists tasks_newest on tasks (user_id, created_at desc)`;
