import { createHmac } from "node:crypto";
import { seal, uuidText } from "../../../lib/crypto/sealed-token.js";

/** Labels from which the keys derive, as the source states them. */
const labels = ["refresh token", "link", "registration", "feed"].map((use) => `latchkey ${use} v1`);

/** Tokens over `payload` that an attacker could make with `stolen` values and the source, but without a key. */
export function forgeTags(stolen: string[], payload: Buffer, ...parts: string[]): string[] {
  const material = [...parts, payload].map((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    return Buffer.concat([length, Buffer.from(part)]);
  });
  const keys = ["", ...labels, ...stolen.filter((value) => value.length > 20)];
  return keys.map((key) => seal(payload, createHmac("sha256", key).update(Buffer.concat(material)).digest()));
}

/** The same, after the plain forms of the id that `payload` is. */
export const forgeTokens = (stolen: string[], payload: Buffer, ...parts: string[]): string[] => [
  uuidText(payload),
  payload.toString("base64url"),
  seal(payload, Buffer.alloc(32)),
  ...forgeTags(stolen, payload, ...parts),
];
