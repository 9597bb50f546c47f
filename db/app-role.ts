import { type SQL, sql } from "drizzle-orm";
import { openDriver } from "./driver.js";
import { rolePowers, rolePowersRow } from "./role-powers.js";

type Owner = { url: string; endpoint?: string | undefined };

/** A role for the functions. Without `password`, an existing role keeps its own. */
export type AppRole = { name: string; password?: string };

/**
 * Creates or updates a role that can read and write rows, and nothing more: no DDL, no TRUNCATE, no other role.
 * Includes the tables that later migrations create. `owner` owns the tables. Atomic and safe to repeat.
 * @throws Error if the migrations were never applied, or if the role can do more than grants explain
 */
export async function grantAppRole(owner: Owner, { name, password }: AppRole): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new Error("The name of a role has only a-z, 0-9 and _.");
  const driver = openDriver(owner);
  const [context] = await driver.run(
    sql`select current_database() as database, to_regclass('drizzle.__drizzle_migrations') is not null as "isMigrated"`,
  );
  if (context?.["isMigrated"] !== true)
    throw new Error("The migrations were never applied. Apply them first: npm run db:migrate");
  const exists = await findOrdinaryRole(owner, name);
  const login = password === undefined ? [] : [setPassword(name, password, exists)];
  await driver.transaction([
    ...login,
    ...grants(sql.identifier(name), sql.identifier(String(context["database"]))),
  ]);
}

/**
 * Whether the role exists.
 * @throws Error if it is a superuser, owns the tables or is a member of other roles
 */
export async function findOrdinaryRole(owner: Owner, name: string): Promise<boolean> {
  const [row] = await openDriver(owner).run(rolePowers(sql`${name}`));
  if (!row) return false;
  const { inherent } = rolePowersRow.parse(row);
  if (inherent.length > 0)
    throw new Error(`The role ${name} exists, and it ${inherent.join(" and ")}. Choose another name.`);
  return true;
}

/** PASSWORD takes no parameter. Neon refuses a hash, so the statement carries the password, over TLS. */
function setPassword(name: string, password: string, exists: boolean): SQL {
  if (!/^[\w-]{20,}$/.test(password)) throw new Error("The password of a role must be random, in base64url.");
  return sql.raw(`${exists ? "alter" : "create"} role ${name} login password '${password}'`);
}

type Name = ReturnType<typeof sql.identifier>;

/** By default, every role may execute functions, so they need no grant. */
const grants = (role: Name, database: Name): SQL[] => [
  // Postgres lets everyone create temporary tables and, in databases from before version 15, tables.
  sql`revoke temporary on database ${database} from public`,
  sql`revoke create on schema public from public`,
  sql`revoke all on database ${database} from ${role}`,
  sql`revoke all on schema public, drizzle from ${role}`,
  sql`revoke all on all tables in schema public, drizzle from ${role}`,
  sql`grant connect on database ${database} to ${role}`,
  sql`grant usage on schema public, drizzle to ${role}`,
  sql`grant select, insert, update, delete on all tables in schema public to ${role}`,
  sql`grant usage on all sequences in schema public to ${role}`,
  // GET /api/ready counts the migrations.
  sql`grant select on drizzle.__drizzle_migrations to ${role}`,
  sql`alter default privileges in schema public grant select, insert, update, delete on tables to ${role}`,
  sql`alter default privileges in schema public grant usage on sequences to ${role}`,
];
