import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { roles } from "../../../db/schema/users.js";
import { dbTime } from "../../rows.js";
import { repeatedChangeSeconds } from "../limits.js";
import { throttleColumns } from "../throttle.js";
import { firstIdAt } from "./first-id.js";
import { eventLiteral } from "./security-events.js";

export type Caller = { userId: string; sessionId: string };

/** An account as one of its sessions sees it. */
export const account = z.object({
  email: z.string(),
  passwordHash: z.string(),
  sessionEpoch: z.int(),
  /** Whether this session has set the password a short time ago. */
  isOwnChange: z.boolean(),
});
export type ChangingAccount = z.output<typeof account>;

/** `users` must be in scope. The id keeps the query from reading all events of the user. */
export const accountJson = ({ sessionId }: Pick<Caller, "sessionId">): SQL => sql`
  jsonb_build_object('email', users.email, 'passwordHash', users.password_hash,
    'sessionEpoch', users.session_epoch, 'isOwnChange', exists (
      select from security_events
       where user_id = users.id and id >= ${firstIdAt(Date.now() - 1_000 * repeatedChangeSeconds)}::uuid
         and kind = ${eventLiteral("password-changed")} and session_id = ${sessionId}::uuid
         and created_at > now() - make_interval(secs => ${repeatedChangeSeconds})))`;

/** The values that the next tokens of a session state. */
export const heldSession = z.object({
  generation: z.int(),
  role: z.enum(roles),
  authTime: dbTime,
  idleSeconds: z.int(),
});
export type HeldSession = z.output<typeof heldSession>;

/** `users` and `sessions` must be in scope. */
export const sessionJson = sql.raw(
  `jsonb_build_object('generation', sessions.generation, 'role', users.role, 'authTime', coalesce(sessions.authenticated_at, sessions.created_at),
  'idleSeconds', floor(extract(epoch from sessions.idle_expires_at - now()))::int)`,
);

const read = z.object({
  ...throttleColumns,
  account: account.nullable(),
  session: heldSession.nullable(),
});

/** Charges the budgets and, unless one is spent, returns the hash to verify. Null: the session has just ended. */
export const selectForPasswordChange = (charge: SQL, caller: Caller): Query<z.output<typeof read>> => ({
  name: "selectForPasswordChange",
  statement: sql`
    select budget.wait, budget.refused,
           case when sessions.id is not null then ${accountJson(caller)} end as account,
           case when sessions.id is not null then ${sessionJson} end as session
      from ${charge} as budget left join users on budget.wait = 0 and users.id = ${caller.userId}::uuid
      left join sessions on sessions.id = ${caller.sessionId}::uuid and sessions.user_id = users.id`,
  rowSchema: read,
});
