import { sessionCookie } from "../../lib/auth/session-cookie.js";
import type { Auth, Operation } from "../../lib/contract.js";

export const cookieName = sessionCookie.name({ APP_URL: "https://", COOKIE_SAMESITE: undefined });

export const securitySchemes = {
  accessToken: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "`accessToken` of login or refresh.",
  },
  sessionCookie: {
    type: "apiKey",
    in: "cookie",
    name: cookieName,
    description: "Set by login, rotated by refresh. Browsers send it by themselves; scripts cannot read it.",
  },
  cronSecret: {
    type: "http",
    scheme: "bearer",
    description: "`CRON_SECRET`, which Vercel's cron sends.",
  },
} as const;

type Requirement = { [S in keyof typeof securitySchemes]?: string[] };

const byAuth: Record<Exclude<Auth, "session-cookie">, Requirement[]> = {
  none: [],
  "access-token": [{ accessToken: [] }],
  admin: [{ accessToken: ["admin"] }],
  "cron-secret": [{ cronSecret: [] }],
};

/** Alternatives, any of which suffices; none at all: open to everyone. */
export function securityOf(op: Operation): Requirement[] {
  if (op.auth !== "session-cookie") return byAuth[op.auth];
  // Credentials in the body stand for the session that they are about to open.
  if (op.problems.includes("invalid-credentials")) return [];
  return op.problems.includes("session-ended") ? [{ sessionCookie: [] }] : [{ sessionCookie: [] }, {}];
}

export const isBearer = (op: Operation): boolean =>
  op.auth === "access-token" || op.auth === "admin" || op.auth === "cron-secret";
