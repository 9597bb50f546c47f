import { createHash } from "node:crypto";
import * as z from "zod";
import type { Operation } from "../contract.js";
import { Problem } from "../problem.js";

/** How long a key identifies a request. */
export const idempotencyHours = 24;

/** Request headers of a create that callers may repeat. */
export const idempotencyKeyHeaders = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 printable ASCII characters")
    .optional()
    .meta({
      description: `The same key and body give the same response again for ${idempotencyHours} hours`,
      example: "8f14e45f-ceea-4670-8b1a-7c9d2b7a5f10",
    }),
});

/** The response header that marks a replay, for contracts. */
export const replayHeader = {
  "Idempotent-Replayed": {
    description: "`true` if this repeats an earlier response",
    example: "true",
    optional: true,
  },
} as const;

/** Digests of an Idempotency-Key and of its request. */
export type IdempotencyKey = { id: string; requestHash: string };

const digest = (...parts: unknown[]) =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url");

/**
 * The stored form of an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a digest of operation, user and
 * key, and one of the whole validated body, whose members are in the contract's order. Not keyed with AUTH_SECRET,
 * so that rotation does not break retries; the same database holds what the digests could reveal.
 */
export const idempotencyKey = (
  op: Operation,
  userId: string,
  key: string | undefined,
  body: object,
): IdempotencyKey | undefined =>
  key === undefined ? undefined : { id: digest(op.id, userId, key), requestHash: digest(body) };

/**
 * A created resource. `isReplay`: an earlier request with this key created it; `isSameRequest`: with this body.
 * Null: the user has no room for another one.
 */
export type Created<R> = { isReplay: boolean; isSameRequest: boolean; resource: R | null };

/**
 * The resource that a create returned. `quota`: the number that one user may have.
 * @throws Problem `idempotency-key-reused` or `quota-exceeded`
 */
export function requireCreated<R>({ isSameRequest, resource }: Created<R>, quota: number): R {
  requireSameRequest(isSameRequest);
  return requireRoom(resource, quota);
}

/** @throws Problem `idempotency-key-reused` */
export function requireSameRequest(isSameRequest: boolean): void {
  if (!isSameRequest) throw new Problem("idempotency-key-reused");
}

export const quotaDetail = (quota: number) => `One account may have ${quota.toLocaleString("en")} of these.`;

/**
 * Returns the resource of a request that adds a row.
 * @throws Problem `quota-exceeded` if it is null, which means that the quota is used up
 */
export function requireRoom<R>(resource: R | null, quota: number): R {
  if (resource !== null) return resource;
  throw new Problem("quota-exceeded", { detail: quotaDetail(quota) });
}

/** The header that marks a replay; empty for any other response. */
export const replayMark = ({ isReplay }: { isReplay: boolean }) =>
  isReplay ? { "Idempotent-Replayed": "true" } : {};
