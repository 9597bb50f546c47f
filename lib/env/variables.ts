import * as z from "zod";
import {
  breachUrl,
  connectionString,
  emailCount,
  headerSecret,
  httpUrl,
  origin,
  origins,
  sender,
  signingSecrets,
  webhookSecret,
} from "./formats.js";

/** How one environment variable is checked, what it is for, and how to fix a bad value. */
export type Variable = {
  /** A function, because a cold start should build only the schemas that it needs. */
  schema: () => z.ZodType;
  /** The value when the variable is absent. A variable without this member is required. */
  fallback?: unknown;
  isSecret?: true;
  description: string;
  /** One sentence that tells the operator what to do about a missing or bad value. */
  hint: string;
  example: string;
};

const generateHint =
  'Generate one: node -e \'console.log(require("crypto").randomBytes(32).toString("base64url"))\'';

const noOrigins: readonly string[] = [];

/** Every variable that Latchkey reads: the one home of names, checks, defaults and hints. */
export const variables = {
  DATABASE_URL: {
    schema: connectionString,
    isSecret: true,
    description: "Neon connection string (a postgres://localhost server works with `npm run dev`).",
    hint: "Copy the connection string from the Neon console (Dashboard, Connect).",
    example: "postgresql://user:password@ep-name-123456.eu-central-1.aws.neon.tech/neondb",
  },
  AUTH_SECRET: {
    schema: signingSecrets,
    isSecret: true,
    description:
      "Signs access tokens, refresh tokens and links in emails. To rotate it, put a new secret in front, separated by a comma: the first secret signs, all verify.",
    hint: generateHint,
    example: "",
  },
  APP_URL: {
    schema: origin,
    description:
      "Origin that users see in the browser. Links in emails start with it, and access tokens name it as their issuer.",
    hint: "Set it to the origin of your deployment, such as https://app.example.com.",
    example: "https://app.example.com",
  },
  RESEND_API_KEY: {
    schema: () => z.string().min(8, "is too short for a Resend key"),
    isSecret: true,
    description: "Key of the Resend account that sends the emails.",
    hint: "Create a key with sending access at resend.com/api-keys.",
    example: "re_...",
  },
  MAIL_FROM: {
    schema: sender,
    description: "Sender of every email. Its domain must be verified at Resend.",
    hint: "Use an address of a domain that is verified at resend.com/domains.",
    example: "Latchkey <hello@example.com>",
  },
  RESEND_WEBHOOK_SECRET: {
    schema: webhookSecret,
    fallback: undefined,
    isSecret: true,
    description:
      "Signing secret of the webhook that tells Latchkey about bounces and spam complaints. Without it, the webhook responds 503.",
    hint: "Add a webhook for /api/webhooks/resend at resend.com/webhooks and copy its signing secret.",
    example: "whsec_...",
  },
  EMAILS_PER_HOUR: {
    schema: emailCount,
    fallback: 50,
    description:
      "Emails of all kinds that Latchkey sends in one hour at most; a fifth is kept for password resets and security notices. The rest waits. Default: 50.",
    hint: "Set it to a whole number that your Resend plan allows.",
    example: "50",
  },
  EMAILS_PER_DAY: {
    schema: emailCount,
    fallback: 100,
    description:
      "The same for 24 hours. Default: 100, the daily limit of Resend's free plan, which also allows 3,000 a month.",
    hint: "Set it to a whole number that your Resend plan allows.",
    example: "100",
  },
  CRON_SECRET: {
    schema: headerSecret,
    isSecret: true,
    description: "Bearer token that Vercel's cron sends to /api/cron/outbox.",
    hint: generateHint,
    example: "",
  },
  CORS_ORIGINS: {
    schema: origins,
    fallback: noOrigins,
    description:
      "Comma-separated origins of other front ends that may call the API with the cookie. Empty: only APP_URL.",
    hint: "List full origins, such as https://admin.example.com, or leave it empty.",
    example: "",
  },
  COOKIE_SAMESITE: {
    schema: () => z.enum(["Strict", "Lax", "None"]),
    fallback: "Strict",
    description:
      "SameSite attribute of the session cookie. Use None only for a front end on another site; it requires https.",
    hint: "Leave it empty (Strict) unless the front end lives on another site.",
    example: "Strict",
  },
  PROXY_SECRET: {
    schema: headerSecret,
    fallback: undefined,
    isSecret: true,
    description:
      "For a front end that proxies `/api`: with this value in `X-Proxy-Secret`, it may state the caller's address in `X-Client-Address`. Without it, all its users share one rate limit.",
    hint: generateHint,
    example: "",
  },
  PASSWORD_BREACH_CHECK: {
    schema: () => z.enum(["on", "off"]),
    fallback: "on",
    description:
      "Whether new passwords are looked up in PASSWORD_BREACH_URL, by five digits of a hash. If it does not respond within a second, they are accepted.",
    hint: "Leave it empty (on), unless the functions may not call that API.",
    example: "on",
  },
  PASSWORD_BREACH_URL: {
    schema: breachUrl,
    fallback: "https://api.pwnedpasswords.com",
    description:
      "Base URL of an API of breached passwords in the format of Have I Been Pwned. `npm run dev` sets it to one on this machine.",
    hint: "Leave it empty, or set the https URL of a mirror.",
    example: "https://api.pwnedpasswords.com",
  },
  NEON_FETCH_ENDPOINT: {
    schema: httpUrl,
    fallback: undefined,
    description:
      "Overrides the SQL-over-HTTP endpoint that the driver derives from the host. `npm run dev` sets it.",
    hint: "Leave it empty with Neon.",
    example: "",
  },
  RESEND_BASE_URL: {
    schema: httpUrl,
    fallback: undefined,
    description: "Overrides the base URL of the Resend API. `npm run dev` sets it to the local mailbox.",
    hint: "Leave it empty with Resend.",
    example: "",
  },
} as const satisfies Record<string, Variable>;

export type EnvName = keyof typeof variables;

export const isRequired = (name: EnvName): boolean => !("fallback" in variables[name]);
