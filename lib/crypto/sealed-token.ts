import { equalBytes } from "./keyed-hash.js";

export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll("-", ""), "hex");

export const uuidText = (bytes: Buffer): string =>
  bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** `payload ‖ tag` in base64url. */
export const seal = (payload: Buffer, tag: Buffer): string =>
  Buffer.concat([payload, tag]).toString("base64url");

/**
 * The payload of a sealed token, or null if its tag is not one of `expectedTags(payload)`. Rejects other base64url
 * spellings of the same bytes, so that each token has one text.
 */
export function openSealed(
  token: string,
  payloadBytes: number,
  expectedTags: (payload: Buffer) => Buffer[],
): Buffer | null {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.toString("base64url") !== token || bytes.length <= payloadBytes) return null;
  const payload = bytes.subarray(0, payloadBytes);
  const tag = bytes.subarray(payloadBytes);
  return expectedTags(payload).some((expected) => equalBytes(tag, expected)) ? payload : null;
}
