import { signedHeaders } from "@latchkey/local-resend";

/** The header of each security scheme of a signed webhook. */
const headerOf: Record<string, "svix-id" | "svix-timestamp" | "svix-signature"> = {
  webhookId: "svix-id",
  webhookTimestamp: "svix-timestamp",
  webhookSignature: "svix-signature",
};

const roundMs = 120_000;

/** Signs bodies as Resend does. The time is rounded, because the fuzzer asks for each header of a request by itself. */
export function createWebhookSigner(secret: string) {
  return (scheme: string, body: string | Uint8Array = ""): string | undefined => {
    const name = headerOf[scheme];
    const now = new Date(Math.floor(Date.now() / roundMs) * roundMs);
    return name && signedHeaders(secret, body, { id: "msg_of_the_fuzzer", now })[name];
  };
}
