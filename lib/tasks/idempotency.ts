import { createHash } from "node:crypto";
import type { IdempotencyKey, NewTask } from "./queries.js";

const digest = (...parts: unknown[]) =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url");

/**
 * What is kept of an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): digests, of the user's key and of
 * the validated request, in which members stand in a fixed order. Without AUTH_SECRET, so that a retry is known
 * again while that is being rotated; what they could tell stands in the same database.
 */
export const idempotencyKey = (
  userId: string,
  key: string,
  { title, description, status }: Pick<NewTask, "title" | "description" | "status">,
): IdempotencyKey => ({ id: digest(userId, key), requestHash: digest(title, description, status) });
