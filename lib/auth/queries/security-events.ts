import { type SQL, sql } from "drizzle-orm";
import { uuidv7 } from "uuidv7";
import type { SecurityEventKind } from "../../../db/schema/security-events.js";
import { type AuditKey, auditKey } from "../../audit/audit-key.js";
import { type ChainedTable, chainLink } from "../../audit/queries/chain.js";
import type { KeyRing } from "../../crypto/keys.js";
import type { Env } from "../../env.js";
import { type DeviceAndPlace, deviceAndPlaceOf } from "../device-and-place.js";

export const securityChain: ChainedTable = {
  chain: "security",
  account: "user_id",
  columns: ["id", "user_id", "kind", "session_id", "created_at", "browser", "os", "device_kind", "place"],
};

/** An event that a statement may record, the key that signs it, and the sender of the request that causes it. */
export type NewEvent = { id: string; key: AuditKey; from: DeviceAndPlace };

export const newEvent = (
  ring: KeyRing,
  headers: Headers,
  env: Pick<Env<never>, "PROXY_SECRET">,
): NewEvent => ({
  id: uuidv7(),
  key: auditKey(ring),
  from: deviceAndPlaceOf(headers, env),
});

/** An event that an admin causes. The person does not learn where the admin is, and on what device. */
export const newEventByAdmin = (ring: KeyRing): NewEvent => ({
  id: uuidv7(),
  key: auditKey(ring),
  from: { device: { browser: null, os: null, kind: null }, place: null },
});

/** A kind of event in SQL, checked by the compiler. */
export const eventLiteral = (kind: SecurityEventKind): SQL => sql.raw(`'${kind}'`);

/** The values of the columns (browser, os, device_kind, place). */
export const deviceAndPlaceValues = ({ device, place }: DeviceAndPlace): SQL =>
  sql`${device.browser}::text, ${device.os}::text, ${device.kind}::text, ${place}::text`;

/**
 * The body of a CTE that records an event of an account. `source` selects (user_id uuid, kind text, session_id uuid).
 * It locks the chain of the account. To keep the order of locks (db/batch.ts), `source` must read every CTE that
 * locks other rows: Postgres runs the CTEs of a statement in any order.
 */
export const insertSecurityEvent = ({ id, key, from }: NewEvent, source: SQL): SQL => sql`
  insert into security_events (id, user_id, kind, session_id, created_at, browser, os, device_kind, place, seq, mac)
  select event.*, link.seq, link.mac
    from (select ${id}::uuid as id, source.user_id, source.kind, source.session_id, now() as created_at,
                 sender.browser, sender.os, sender.device_kind, sender.place
            from (${source}) as source
           cross join (values (${deviceAndPlaceValues(from)})) as sender (browser, os, device_kind, place)) as event
   cross join lateral ${chainLink(securityChain, key)}`;
