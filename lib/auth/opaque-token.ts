import { equalBytes } from "./keys.js";

/** Bytes of a UUID. */
export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll("-", ""), "hex");

export const uuidText = (bytes: Buffer): string =>
  bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** `payload ‖ tag` in base64url. */
export const seal = (payload: Buffer, tag: Buffer): string =>
  Buffer.concat([payload, tag]).toString("base64url");

/**
 * The payload of a sealed token, or null when the tag is not one of those that `tags` computes for it. Only the
 * canonical spelling is accepted, so that one token is one string.
 */
export function unseal(
  token: string,
  payloadBytes: number,
  tags: (payload: Buffer) => Buffer[],
): Buffer | null {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.toString("base64url") !== token || bytes.length <= payloadBytes) return null;
  const payload = bytes.subarray(0, payloadBytes);
  const tag = bytes.subarray(payloadBytes);
  return tags(payload).some((expected) => equalBytes(tag, expected)) ? payload : null;
}
