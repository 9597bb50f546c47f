import * as z from "./zod.js";

/** One environment variable: how it is checked, what it is for, and what to do when it is wrong. */
export type Variable = {
  /** Made only when there is a value to check: a function reads few of them, and its cold start would pay for all. */
  schema: () => z.ZodMiniType;
  required: boolean;
  secret: boolean;
  description: string;
  /** What to do about a missing or bad value, in one sentence. */
  hint: string;
  example: string;
};

const secretBytes = (value: string) => Buffer.from(value, "base64url");
const isStrongSecret = (value: string) =>
  /^[A-Za-z0-9_-]+$/.test(value) && secretBytes(value).length >= 32 && new Set(secretBytes(value)).size >= 16;

const list = (value: string) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);

export const isLocalHost = (hostname: string) =>
  hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";

const parseUrl = (value: string) => (URL.canParse(value) ? new URL(value) : undefined);

const origin = () =>
  z.reading((value, refuse) => {
    const url = parseUrl(value);
    const isPlainOrigin = url && url.pathname === "/" && !url.search && !url.hash && !url.username;
    if (!isPlainOrigin || !/^https?:$/.test(url.protocol)) {
      return refuse("must be an origin such as https://app.example.com, without a path");
    }
    if (url.protocol === "http:" && !isLocalHost(url.hostname)) {
      return refuse("must use https (http is for localhost only)");
    }
    // A pattern would be accepted here and then equal no origin.
    if (url.hostname.includes("*")) return refuse("must name one host, without *");
    return url.origin;
  });

/** What a Bearer header can carry (RFC 6750 section 2.1); anything else would never match. */
const cronSecret = () =>
  z.string().check(
    z.regex(/^[\w.~+/-]{32,}=*$/, "must have at least 32 characters of A-Z a-z 0-9 - . _ ~ + /"),
    z.refine((value) => new Set(value).size >= 8, "must be random"),
  );

const variable = <S extends z.ZodMiniType>(
  schema: () => S,
  rest: Omit<Variable, "schema" | "required" | "secret"> & Partial<Variable>,
) => ({
  required: true,
  secret: false,
  ...rest,
  schema,
});

/** Every variable Latchkey reads. The one home of names, defaults and hints. */
export const variables = {
  DATABASE_URL: variable(
    () =>
      z.string().check(
        z.refine((value) => {
          const url = parseUrl(value);
          return (
            !!url &&
            /^postgres(ql)?:$/.test(url.protocol) &&
            !!url.hostname &&
            !!url.username &&
            url.pathname.length > 1
          );
        }, "must look like postgresql://user:password@host/database"),
      ),
    {
      secret: true,
      description: "Neon connection string (a postgres://localhost server works with `npm run dev`).",
      hint: "Copy the connection string from the Neon console (Dashboard, Connect).",
      example: "postgresql://user:password@ep-name-123456.eu-central-1.aws.neon.tech/neondb",
    },
  ),
  AUTH_SECRET: variable(
    () =>
      z.pipe(z.string(), z.transform(list)).check(
        z.refine((secrets) => secrets.length > 0, "must not be empty"),
        z.refine(
          (secrets) => secrets.every(isStrongSecret),
          "every secret must be at least 32 random bytes in base64url",
        ),
      ),
    {
      secret: true,
      description:
        "Signs access tokens, refresh tokens and mail links. To rotate, put a new secret in front, separated by a comma: the first signs, all verify.",
      hint: 'Generate one: node -e \'console.log(require("crypto").randomBytes(32).toString("base64url"))\'',
      example: "",
    },
  ),
  APP_URL: variable(origin, {
    description:
      "Origin people see in the browser; links in mails are built from it, access tokens name it as issuer.",
    hint: "Set it to the origin of your deployment, such as https://app.example.com.",
    example: "https://app.example.com",
  }),
  RESEND_API_KEY: variable(() => z.string().check(z.minLength(8, "is too short for a Resend key")), {
    secret: true,
    description: "Key of your Resend account; mails are sent with it.",
    hint: "Create a key with sending access at resend.com/api-keys.",
    example: "re_...",
  }),
  MAIL_FROM: variable(
    () =>
      z
        .string()
        .check(
          z.regex(
            /^(?:[^<>\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
            "must be an address or `Name <address>`",
          ),
        ),
    {
      description: "Sender of every mail; its domain must be verified at Resend.",
      hint: "Use an address of a domain that is verified at resend.com/domains.",
      example: "Latchkey <hello@example.com>",
    },
  ),
  CRON_SECRET: variable(cronSecret, {
    secret: true,
    description: "Vercel sends it when it calls /api/cron/outbox; nobody else may.",
    hint: 'Generate one: node -e \'console.log(require("crypto").randomBytes(32).toString("base64url"))\'',
    example: "",
  }),
  CORS_ORIGINS: variable(
    () =>
      z.pipe(
        z.pipe(z.string(), z.transform(list)),
        z.array(origin(), "must be a comma-separated list of origins; * is not possible with cookies"),
      ),
    {
      required: false,
      description:
        "Comma-separated origins of other front ends that may call the API with the cookie. Empty: only APP_URL.",
      hint: "List full origins, such as https://admin.example.com, or leave it empty.",
      example: "",
    },
  ),
  COOKIE_SAMESITE: variable(() => z.enum(["Strict", "Lax", "None"]), {
    required: false,
    description:
      "SameSite attribute of the session cookie. None is for a front end on another site and needs https.",
    hint: "Leave it empty (Strict) unless the front end lives on another site.",
    example: "Strict",
  }),
  NEON_FETCH_ENDPOINT: variable(() => z.url({ protocol: /^https?$/ }), {
    required: false,
    description:
      "SQL-over-HTTP endpoint to use instead of the one Neon derives from the host. `npm run dev` sets it.",
    hint: "Leave it empty with Neon.",
    example: "",
  }),
  RESEND_BASE_URL: variable(() => z.url({ protocol: /^https?$/ }), {
    required: false,
    description: "Base URL of the Resend API. `npm run dev` sets it to the local mailbox.",
    hint: "Leave it empty with Resend.",
    example: "",
  }),
} as const satisfies Record<string, Variable>;

export type EnvName = keyof typeof variables;
type Value<K extends EnvName> = z.output<ReturnType<(typeof variables)[K]["schema"]>>;
type Optional = "CORS_ORIGINS" | "COOKIE_SAMESITE" | "NEON_FETCH_ENDPOINT" | "RESEND_BASE_URL";
export type Env<N extends EnvName> = { [K in Exclude<N, Optional>]: Value<K> } & {
  CORS_ORIGINS: string[];
  COOKIE_SAMESITE: Value<"COOKIE_SAMESITE">;
  NEON_FETCH_ENDPOINT: string | undefined;
  RESEND_BASE_URL: string | undefined;
};

/** What Vercel tells a function about itself; all absent elsewhere. */
export type Platform = { environment: string; region: string | undefined; commit: string | undefined };

export type EnvFault = { name: EnvName; kind: "missing" | "invalid"; why: string; hint: string };

/** Thrown with every variable at fault; never carries a value. */
export class EnvError extends Error {
  readonly faults: EnvFault[];
  constructor(faults: EnvFault[]) {
    super(faults.map((fault) => `${fault.name} ${fault.why}`).join("; "));
    this.name = "EnvError";
    this.faults = faults;
  }
}

type Source = Record<string, string | undefined>;
const optional: EnvName[] = ["CORS_ORIGINS", "COOKIE_SAMESITE", "NEON_FETCH_ENDPOINT", "RESEND_BASE_URL"];

/**
 * Reads and checks the named variables and the optional ones. Who needs none reads none, so that nothing in the
 * environment can stop it.
 * @throws EnvError naming every missing, bad or contradictory one at once.
 */
export function readEnv<const N extends EnvName>(names: readonly N[], source: Source = process.env): Env<N> {
  const faults: EnvFault[] = [];
  const values: Record<string, unknown> = { CORS_ORIGINS: [], COOKIE_SAMESITE: "Strict" };
  for (const name of new Set<EnvName>(names.length > 0 ? [...names, ...optional] : [])) {
    const { schema, hint } = variables[name];
    const raw = source[name]?.trim();
    if (!raw) {
      if (variables[name].required) faults.push({ name, kind: "missing", why: "is missing", hint });
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

function contradictions(values: Record<string, unknown>, source: Source): EnvFault[] {
  const appUrl = typeof values["APP_URL"] === "string" ? new URL(values["APP_URL"]) : undefined;
  if (!appUrl) return [];
  const faults: EnvFault[] = [];
  // Links in real mails would lead to the reader's own machine.
  if (source["VERCEL_ENV"] === "production" && isLocalHost(appUrl.hostname)) {
    faults.push({
      name: "APP_URL",
      kind: "invalid",
      why: "names localhost in production",
      hint: variables.APP_URL.hint,
    });
  }
  if (values["COOKIE_SAMESITE"] === "None" && appUrl.protocol !== "https:") {
    const why = "is None, which browsers accept on https only";
    faults.push({ name: "COOKIE_SAMESITE", kind: "invalid", why, hint: variables.COOKIE_SAMESITE.hint });
  }
  return faults;
}

export function readPlatform(source: Source = process.env): Platform {
  return {
    environment: source["VERCEL_ENV"] ?? "local",
    region: source["VERCEL_REGION"],
    commit: source["VERCEL_GIT_COMMIT_SHA"],
  };
}
