import { createHmac } from "node:crypto";
import { equalBytes } from "../crypto/keyed-hash.js";
import type { KeyRing } from "../crypto/keys.js";
import { findAuditKey } from "./audit-key.js";

/** The id of the key that made a MAC: `<start of its kid>.<UTC date>`. */
const keyIdOf = (mac: string): string => mac.split(".", 2).join(".");

/** The UTC date on which a MAC was made, in milliseconds. NaN without a date. */
export const dayOf = (mac: string): number => Date.parse(mac.split(".")[1] ?? "");

/** The same MAC as `event_mac`. Null if the ring lacks the key. */
function macOf(ring: KeyRing, keyId: string, parts: readonly (string | number)[]): string | null {
  const key = findAuditKey(ring, keyId);
  return key && `${keyId}.${createHmac("sha256", key).update(parts.join("\n")).digest("hex")}`;
}

export type MacVerdict = "valid" | "wrong" | "unknown-secret";

export function checkMac(ring: KeyRing, mac: string, parts: readonly (string | number)[]): MacVerdict {
  const expected = macOf(ring, keyIdOf(mac), parts);
  if (expected === null) return "unknown-secret";
  return equalBytes(Buffer.from(mac), Buffer.from(expected)) ? "valid" : "wrong";
}

/** The seal that the head had after an event. It has the same key as the event's MAC. */
export const sealAfter = (ring: KeyRing, name: string, seq: number, mac: string): string | null =>
  macOf(ring, keyIdOf(mac), ["head", name, seq, mac]);
