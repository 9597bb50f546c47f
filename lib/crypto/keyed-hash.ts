import { createHmac, timingSafeEqual } from "node:crypto";
import type { Keys } from "./keys.js";

/** HMAC-SHA256 over the parts. Each is preceded by its length, so different lists of parts cannot collide. */
export function keyedHash(key: Buffer, ...parts: (string | Buffer)[]): Buffer {
  const hmac = createHmac("sha256", key);
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest();
}

/** Compares in constant time. */
export const equalBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Replaces a subject that must not appear itself, in logs and in throttle keys. 132 bits in base64url. */
export const pseudonym = (keys: Keys, kind: string, subject: string): string =>
  keyedHash(keys.pseudonym, kind, subject).toString("base64url").slice(0, 22);

/** The name of a user in logs: the same for every spelling of the id, which paths may write in capitals. */
export const userPseudonym = (keys: Keys, userId: string): string =>
  pseudonym(keys, "user", userId.toLowerCase());
