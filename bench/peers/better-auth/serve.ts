import { getMigrations } from "better-auth/db/migration";
import { countStatements } from "../count-statements.js";
import { listen } from "../listen.js";
import app, { auth, pool } from "./app.js";

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
await pool.query(`
  create table if not exists tasks (
    id uuid primary key default gen_random_uuid(),
    user_id text not null references "user" (id) on delete cascade,
    title text not null,
    description text,
    status text not null default 'todo',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create index if not exists tasks_newest on tasks (user_id, created_at desc, id desc)`);

countStatements();
listen(app.fetch);
