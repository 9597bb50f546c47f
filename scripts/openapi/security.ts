import { sessionCookie } from "../../lib/auth/cookies.js";
import type { Auth, Operation } from "../../lib/contract.js";

export const cookieName = sessionCookie.name({ APP_URL: "https://", COOKIE_SAMESITE: "Strict" });

const bearer = { type: "http", scheme: "bearer" } as const;

const signaturePart = (name: string, description: string) =>
  ({ type: "apiKey", in: "header", name, description }) as const;

export const securitySchemes = {
  accessToken: {
    ...bearer,
    bearerFormat: "JWT",
    description: "`accessToken` from sign-in or refresh.",
  },
  adminAccessToken: {
    ...bearer,
    bearerFormat: "JWT",
    description: "`accessToken` of an admin.",
  },
  sessionCookie: {
    type: "apiKey",
    in: "cookie",
    name: cookieName,
    description: "Set by sign-in, rotated by refresh. Browsers send it; scripts cannot read it.",
  },
  cronSecret: {
    ...bearer,
    description: "`CRON_SECRET`, which Vercel's cron sends.",
  },
  webhookId: signaturePart("Svix-Id", "The id of the event, which the signature covers."),
  webhookTimestamp: signaturePart("Svix-Timestamp", "Unix seconds, at most five minutes from now."),
  webhookSignature: signaturePart(
    "Svix-Signature",
    "`v1,` and HMAC-SHA256 over id, timestamp and body with `RESEND_WEBHOOK_SECRET`, in base64.",
  ),
} as const;

type Requirement = { [S in keyof typeof securitySchemes]?: string[] };

const byAuth: Record<Exclude<Auth, "session-cookie">, Requirement[]> = {
  none: [],
  "access-token": [{ accessToken: [] }],
  admin: [{ adminAccessToken: [] }],
  "cron-secret": [{ cronSecret: [] }],
  "webhook-signature": [{ webhookId: [], webhookTimestamp: [], webhookSignature: [] }],
};

/** Alternatives, any of which suffices. An empty list: open to everyone. */
export function securityOf(op: Operation): Requirement[] {
  if (op.auth !== "session-cookie") return byAuth[op.auth];
  // Sign-in: the body carries the credentials, and the session does not exist yet.
  if (op.problems.includes("invalid-credentials")) return [];
  return op.problems.includes("session-ended") ? [{ sessionCookie: [] }] : [{ sessionCookie: [] }, {}];
}

export const isBearer = (op: Operation): boolean =>
  op.auth === "access-token" || op.auth === "admin" || op.auth === "cron-secret";
