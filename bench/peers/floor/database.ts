/** Runs one statement in one trip. */
export type Database = (text: string, params: unknown[]) => Promise<Record<string, unknown>[]>;

export const schema = `
  create table if not exists users (
    id uuid primary key default gen_random_uuid(),
    email text not null unique,
    name text not null,
    password_hash text not null,
    verified boolean not null default false,
    created_at timestamptz not null default now()
  );
  create table if not exists sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users (id) on delete cascade,
    token_hash bytea not null unique,
    expires_at timestamptz not null
  );
  create table if not exists links (
    hash bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    expires_at timestamptz not null
  );
  create table if not exists tasks (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users (id) on delete cascade,
    title text not null,
    description text,
    status text not null default 'todo',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create index if not exists tasks_newest on tasks (user_id, created_at desc, id desc)`;
