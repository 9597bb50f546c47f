import * as z from "zod";

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

const secretBytes = (value: string) => Buffer.from(value, "base64url");
const isStrongSecret = (value: string) =>
  /^[A-Za-z0-9_-]+$/.test(value) && secretBytes(value).length >= 32 && new Set(secretBytes(value)).size >= 16;

const commaSeparated = () =>
  z.string().transform((value) =>
    value
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean),
  );

const isLocalHost = (hostname: string) =>
  hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";

const parseUrl = (value: string) => (URL.canParse(value) ? new URL(value) : undefined);

const origin = () =>
  z.string().transform((value, { issues }) => {
    const refuse = (message: string) => {
      issues.push({ code: "custom", message, input: value });
      return z.NEVER;
    };
    const url = parseUrl(value);
    const isPlainOrigin = url && url.pathname === "/" && !url.search && !url.hash && !url.username;
    if (!isPlainOrigin || !/^https?:$/.test(url.protocol)) {
      return refuse("must be an origin such as https://app.example.com, without a path");
    }
    if (url.protocol === "http:" && !isLocalHost(url.hostname)) {
      return refuse("must use https (http is for localhost only)");
    }
    // A wildcard would be accepted here and then match no origin.
    if (url.hostname.includes("*")) return refuse("must name one host, without *");
    return url.origin;
  });

/** Without a trailing slash. */
const breachUrl = () =>
  z
    .url({ protocol: /^https?$/ })
    .refine((value) => {
      const url = parseUrl(value);
      return url?.protocol === "https:" || isLocalHost(url?.hostname ?? "");
    }, "must use https (http is for localhost only)")
    .transform((value) => value.replace(/\/+$/, ""));

const emailCount = () =>
  z
    .string()
    .regex(/^[1-9]\d{0,6}$/, "must be a whole number from 1 to 9999999")
    .transform(Number);

const noOrigins: readonly string[] = [];

const isConnectionString = (value: string) => {
  const url = parseUrl(value);
  return (
    !!url &&
    /^postgres(ql)?:$/.test(url.protocol) &&
    !!url.hostname &&
    !!url.username &&
    url.pathname.length > 1
  );
};

// The characters that a Bearer header can carry (RFC 6750 section 2.1); any other would never match.
const headerSecret = () =>
  z
    .string()
    .regex(/^[\w.~+/-]{32,}=*$/, "must have at least 32 characters of A-Z a-z 0-9 - . _ ~ + /")
    .refine((value) => new Set(value).size >= 8, "must be random");

const generateHint =
  'Generate one: node -e \'console.log(require("crypto").randomBytes(32).toString("base64url"))\'';

/** Every variable that Latchkey reads: the one home of names, checks, defaults and hints. */
export const variables = {
  DATABASE_URL: {
    schema: () =>
      z.string().refine(isConnectionString, "must look like postgresql://user:password@host/database"),
    isSecret: true,
    description: "Neon connection string (a postgres://localhost server works with `npm run dev`).",
    hint: "Copy the connection string from the Neon console (Dashboard, Connect).",
    example: "postgresql://user:password@ep-name-123456.eu-central-1.aws.neon.tech/neondb",
  },
  AUTH_SECRET: {
    schema: () =>
      commaSeparated()
        .refine((secrets) => secrets.length > 0, "must not be empty")
        .refine(
          (secrets) => secrets.every(isStrongSecret),
          "every secret must be at least 32 random bytes in base64url",
        ),
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
    schema: () =>
      z
        .string()
        .regex(
          /^(?:[^<>\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
          "must be an email address or `Name <address>`",
        ),
    description: "Sender of every email. Its domain must be verified at Resend.",
    hint: "Use an address of a domain that is verified at resend.com/domains.",
    example: "Latchkey <hello@example.com>",
  },
  RESEND_WEBHOOK_SECRET: {
    schema: () =>
      z
        .string()
        .regex(
          /^whsec_[A-Za-z0-9+/]{32,}=*$/,
          "must be the signing secret that Resend shows, at least 24 bytes in base64",
        ),
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
    schema: () =>
      commaSeparated().pipe(
        z.array(origin(), "must be a comma-separated list of origins; * is not possible with cookies"),
      ),
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
    schema: () => z.url({ protocol: /^https?$/ }),
    fallback: undefined,
    description:
      "Overrides the SQL-over-HTTP endpoint that the driver derives from the host. `npm run dev` sets it.",
    hint: "Leave it empty with Neon.",
    example: "",
  },
  RESEND_BASE_URL: {
    schema: () => z.url({ protocol: /^https?$/ }),
    fallback: undefined,
    description: "Overrides the base URL of the Resend API. `npm run dev` sets it to the local mailbox.",
    hint: "Leave it empty with Resend.",
    example: "",
  },
} as const satisfies Record<string, Variable>;

export type EnvName = keyof typeof variables;
type OptionalName = {
  [K in EnvName]: (typeof variables)[K] extends { fallback: unknown } ? K : never;
}[EnvName];
type Fallback<K extends EnvName> = (typeof variables)[K] extends { fallback: infer F } ? F : never;
type Value<K extends EnvName> = z.output<ReturnType<(typeof variables)[K]["schema"]>> | Fallback<K>;

export type RequiredEnvName = Exclude<EnvName, OptionalName>;

/** The values of the named variables, and of all optional ones. */
export type Env<N extends EnvName> = { [K in N | OptionalName]: Value<K> };

export const isRequired = (name: EnvName): boolean => !("fallback" in variables[name]);

export type EnvFault = { name: EnvName; kind: "missing" | "invalid"; why: string; hint: string };

/** Lists every bad variable. Never carries a value. */
export class EnvError extends Error {
  readonly faults: EnvFault[];
  constructor(faults: EnvFault[]) {
    super(faults.map((fault) => `${fault.name} ${fault.why}`).join("; "));
    this.name = "EnvError";
    this.faults = faults;
  }
}

type Source = Record<string, string | undefined>;

const envNames = Object.keys(variables) as EnvName[];

/**
 * Reads and checks the named variables and all optional ones. Without names it returns the defaults and reads
 * nothing, so that a bad variable cannot stop /api/health.
 * @throws EnvError that lists every missing, invalid or contradictory variable
 */
export function readEnv<const N extends EnvName>(names: readonly N[], source: Source = process.env): Env<N> {
  const faults: EnvFault[] = [];
  const values: Record<string, unknown> = {};
  for (const name of envNames.filter((name) => isNamed(names, name) || !isRequired(name))) {
    const { schema, hint, fallback }: Variable = variables[name];
    const raw = names.length > 0 ? source[name]?.trim() : "";
    if (!raw) {
      if (isRequired(name)) faults.push({ name, kind: "missing", why: "is missing", hint });
      else values[name] = fallback;
      continue;
    }
    const parsed = schema().safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else faults.push({ name, kind: "invalid", why: parsed.error.issues[0]?.message ?? "is invalid", hint });
  }
  faults.push(...contradictions(values, source));
  if (faults.length > 0) throw new EnvError(faults);
  return values as Env<N>;
}

const isNamed = (names: readonly EnvName[], name: EnvName) => names.includes(name);

function contradictions(values: Record<string, unknown>, source: Source): EnvFault[] {
  const appUrl = typeof values["APP_URL"] === "string" ? new URL(values["APP_URL"]) : undefined;
  if (!appUrl) return [];
  const faults: EnvFault[] = [];
  const add = (name: EnvName, why: string) =>
    faults.push({ name, kind: "invalid", why, hint: variables[name].hint });
  // Links in real emails would point at the reader's own machine.
  if (source["VERCEL_ENV"] === "production" && isLocalHost(appUrl.hostname))
    add("APP_URL", "names localhost in production");
  if (values["COOKIE_SAMESITE"] === "None" && appUrl.protocol !== "https:")
    add("COOKIE_SAMESITE", "is None, which browsers accept on https only");
  return faults;
}

/** Vercel's description of the running function. */
export type Platform = { environment: string; region: string | undefined; commit: string | undefined };

export const readPlatform = (source: Source = process.env): Platform => ({
  environment: source["VERCEL_ENV"] ?? "local",
  region: source["VERCEL_REGION"],
  commit: source["VERCEL_GIT_COMMIT_SHA"],
});
