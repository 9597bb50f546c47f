import { createHmac, randomUUID } from "node:crypto";
import * as z from "zod";
import type { StoredEmail } from "./email-store.js";

export const eventRequest = z.strictObject({
  /** An email of the mailbox. The event is about its recipients. */
  emailId: z.uuid(),
  type: z.enum(["email.bounced", "email.complained", "suppression.removed"]),
  /** Of `email.bounced`. */
  bounceType: z.enum(["Permanent", "Transient", "Undetermined"]).default("Permanent"),
  url: z.url({ protocol: /^https?$/ }),
  /** `whsec_` and base64, as Resend shows it. */
  secret: z.string(),
});
export type EventRequest = z.input<typeof eventRequest>;

/**
 * The headers with which Resend signs a body (https://www.standardwebhooks.com, with the header names of Svix).
 * `secret`: `whsec_` and base64.
 */
export function signedHeaders(
  secret: string,
  body: string | Uint8Array,
  { id = `msg_${randomUUID()}`, now = new Date() } = {},
): Record<"svix-id" | "svix-timestamp" | "svix-signature", string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  return { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": `v1,${signature}` };
}

/** @returns the status of the response */
export async function sendEvent(event: z.output<typeof eventRequest>, email: StoredEmail): Promise<number> {
  const body = JSON.stringify(toEvent(event, email));
  const headers = { "content-type": "application/json", ...signedHeaders(event.secret, body) };
  return (await fetch(event.url, { method: "POST", headers, body })).status;
}

function toEvent({ type, bounceType }: z.output<typeof eventRequest>, email: StoredEmail) {
  const created_at = new Date().toISOString();
  if (type === "suppression.removed") {
    const [address] = email.to;
    return {
      type,
      created_at,
      data: { id: randomUUID(), email: address, origin: "bounce", source_id: email.id, created_at },
    };
  }
  const { id, from, to, subject, createdAt } = email;
  const bounce = {
    type: bounceType,
    subType: "General",
    message: "The recipient's mail server refused the email.",
  };
  const about = { created_at: createdAt, email_id: id, message_id: `<${id}@example.com>`, from, to, subject };
  return { type, created_at, data: { ...about, ...(type === "email.bounced" && { bounce }) } };
}
