import * as z from "zod";
import type { Access } from "../../db/query.js";
import { Problem } from "../problem.js";
import type { Target } from "../resources/queries/change.js";

/** A resource whose `version` grows by one with each change. */
type Versioned = { version: number };

const entityTags = z.string().max(1000);

/** Request headers of a conditional change. */
export const ifMatchHeaders = z.object({
  "if-match": entityTags
    .optional()
    .meta({ description: "Apply the change only to one of these versions; otherwise 412", example: '"1"' }),
});

/** Headers of a request that creates or replaces a resource. */
export const createOnlyHeaders = ifMatchHeaders.extend({
  "if-none-match": z
    .literal("*", "must be *")
    .optional()
    .meta({ description: "Only create; 412 if the resource exists", example: "*" }),
});

/** Request headers of a conditional read. */
export const ifNoneMatchHeaders = z.object({
  "if-none-match": entityTags
    .optional()
    .meta({ description: "Respond 304 if the current version is one of these", example: '"1"' }),
});

/** The response header that names the version, for contracts. */
export const etagHeader = {
  ETag: { description: "Strong validator of this version", example: '"1"' },
} as const;

/** The strong validator of a version (RFC 9110 section 8.8.3). */
export const etagOf = ({ version }: Versioned): string => `"${version}"`;

const entityTag = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;
const tagList = new RegExp(`^[\\s,]*${entityTag.source}(?:\\s*,[\\s,]*${entityTag.source})*[\\s,]*$`);

/** Empty for a malformed list, which must not match by accident. */
const parseTags = (header: string) => (tagList.test(header) ? [...header.matchAll(entityTag)] : []);

/** The tags in `If-None-Match`, for weak comparison (RFC 9110 section 13.1.2); null for `*`. */
export function knownTags(header: string | undefined): string[] | null {
  if (header === undefined) return [];
  if (header.trim() === "*") return null;
  return parseTags(header).map((match) => match[2] ?? "");
}

/** Whether `If-None-Match` names the current version. */
export function isNotModified(header: string | undefined, { version }: Versioned): boolean {
  const known = knownTags(header);
  return known === null || known.includes(String(version));
}

/**
 * The versions that `If-Match` accepts, or null for any. The comparison is strong (RFC 9110 section 13.1.1), so weak
 * tags and malformed lists match no version.
 */
function expectedVersions(header: string | undefined): number[] | null {
  if (header === undefined || header.trim() === "*") return null;
  return parseTags(header)
    .filter((match) => !match[1] && /^[1-9]\d{0,8}$/.test(match[2] ?? ""))
    .map((match) => Number(match[2]));
}

type WriteHeaders = { "if-match"?: string | undefined; "if-none-match"?: "*" | undefined };

/** The resource that a request changes. */
export const targetOf = (
  { userId, sessionId }: Pick<Access, "userId" | "sessionId">,
  { id }: { id: string },
  headers: WriteHeaders,
): Target => ({
  userId,
  sessionId,
  id,
  versions: headers["if-none-match"] ? [] : expectedVersions(headers["if-match"]),
});

/**
 * The changed resource if `isApplied`; otherwise the current one, whose version `If-Match` does not accept. `changedFields`:
 * the members that differ from the expected version; null if they are not known.
 */
export type Changed<R> = { isApplied: boolean; resource: R; changedFields: string[] | null };

/** The extension members of the problem `precondition-failed`, for contracts. */
export const preconditionFailed = <R extends z.ZodType>(resource: R) => ({
  "precondition-failed": {
    current: resource,
    changedFields: z
      .array(z.string())
      .nullable()
      .meta({
        description:
          "The members of `current` that differ from the version in `If-Match`; null if the history does not reach back to it",
        example: ["title"],
      }),
  },
});

/**
 * The resource that a conditional change returned.
 * @throws Problem `not-found`, or `precondition-failed` with the current state of the resource
 */
export function requireApplied<R extends Versioned>(row: Changed<R> | undefined): R {
  if (!row) throw new Problem("not-found");
  if (row.isApplied) return row.resource;
  const { resource: current, changedFields } = row;
  throw new Problem("precondition-failed", {
    headers: { etag: etagOf(current) },
    extensions: { current, changedFields },
  });
}
