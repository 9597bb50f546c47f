import type { Access } from "../../db/query.js";
import { auditKey } from "../audit/audit-key.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import type { Author } from "./queries/events.js";

/** The admin behind a request, as the author of the events that it records. */
export const authorOf = ({ userId }: Access, env: Env<"AUTH_SECRET">, requestId: string): Author => ({
  actorId: userId,
  requestId,
  key: auditKey(keyRing(env.AUTH_SECRET)),
});
