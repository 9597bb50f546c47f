import { keyedHash } from "../crypto/keyed-hash.js";
import { type KeyRing, keyRing } from "../crypto/keys.js";
import { openSealed, seal, uuidBytes, uuidText } from "../crypto/sealed-token.js";
import type { Env } from "../env.js";
import { readFeed } from "./contract.js";

/** The ids in the URL of a feed. The account is one of them, because its budget pays for the reads. */
export type FeedId = { userId: string; id: string };

const idBytes = 16;

const suffix = ".ics";

/** The URL of a feed, including its secret. The database stores only the ids, which are useless without the key. */
export function feedUrl(
  { APP_URL, AUTH_SECRET }: Env<"APP_URL" | "AUTH_SECRET">,
  { userId, id }: FeedId,
): string {
  const payload = Buffer.concat([uuidBytes(userId), uuidBytes(id)]);
  const token = seal(payload, keyedHash(keyRing(AUTH_SECRET)[0].feed, payload));
  return APP_URL + readFeed.path.replace("{file}", token + suffix);
}

/** Reads the last segment of a feed's URL. Returns null if the secret was not issued with a key of the ring. */
export function readFeedFile(ring: KeyRing, file: string): FeedId | null {
  const token = file.slice(0, -suffix.length);
  const payload = openSealed(token, 2 * idBytes, (bytes) => ring.map((keys) => keyedHash(keys.feed, bytes)));
  return (
    payload && { userId: uuidText(payload.subarray(0, idBytes)), id: uuidText(payload.subarray(idBytes)) }
  );
}
