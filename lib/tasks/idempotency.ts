import { createHash } from "node:crypto";
import type { NewTask } from "./contract.js";
import type { IdempotencyKey } from "./queries.js";

const digest = (...parts: unknown[]) =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url");

/**
 * The stored form of an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a digest of user and
 * key, and one of the whole validated body, whose members are in the contract's order. Not keyed with AUTH_SECRET,
 * so that rotation does not break retries; the same database holds what the digests could reveal.
 */
export const idempotencyKey = (userId: string, key: string, body: NewTask): IdempotencyKey => ({
  id: digest(userId, key),
  requestHash: digest(body),
});
