import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";

/** The powers of a role besides reading and writing rows, as phrases that follow its name. */
export const rolePowersRow = z.object({
  name: z.string(),
  /** By what it is. Revoking grants does not take these away. */
  inherent: z.array(z.string()),
  /** By grants, to it or to everyone. */
  granted: z.array(z.string()),
});

const ownsTables = sql`exists (
  select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
   where nspname in ('public', 'drizzle') and pg_has_role(pg_roles.oid, relowner, 'member'))`;

/** One row, or no row if the role does not exist. */
export const rolePowers = (role: SQL): SQL => sql`
  select rolname as name,
         to_jsonb(array_remove(array[
           case when rolsuper then 'is a superuser' end,
           case when rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
                then 'has administrative attributes' end,
           case when ${ownsTables} then 'owns the tables' end,
           case when exists (select from pg_auth_members where member = pg_roles.oid)
                then 'is a member of other roles' end
         ], null)) as inherent,
         to_jsonb(array_remove(array[
           case when has_schema_privilege(pg_roles.oid, 'public', 'create') then 'can create tables' end,
           case when has_database_privilege(pg_roles.oid, current_database(), 'temporary')
                then 'can create temporary tables' end
         ], null)) as granted
    from pg_roles where rolname = ${role}`;
