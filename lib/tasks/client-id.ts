import { Problem } from "../problem.js";

const dayMs = 24 * 3600 * 1000;

/** The milliseconds since 1970 in a UUIDv7 (RFC 9562 section 5.7). */
const timeOf = (id: string) => Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);

export const clientIdRule = "must be a UUIDv7 whose time is at most a day ahead";

/**
 * Whether a client may choose this id for a new task. Ids order the list by creation, so an id from the future would stay on
 * top. A client's clock may be a day ahead.
 */
export function isClientId(id: string, nowMs = Date.now()): boolean {
  const isVersion7 = /^.{14}7/.test(id);
  return isVersion7 && timeOf(id) <= nowMs + dayMs;
}

/** @throws Problem `invalid-request` */
export function requireClientId(id: string): void {
  if (isClientId(id)) return;
  throw new Problem("invalid-request", { errors: [{ parameter: "id", message: clientIdRule }] });
}
