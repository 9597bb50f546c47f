import * as z from "zod";

export const isLocalHost = (hostname: string) =>
  hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";

const parseUrl = (value: string) => (URL.canParse(value) ? new URL(value) : undefined);

const commaSeparated = () =>
  z.string().transform((value) =>
    value
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean),
  );

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

export const connectionString = () =>
  z.string().refine(isConnectionString, "must look like postgresql://user:password@host/database");

const secretBytes = (value: string) => Buffer.from(value, "base64url");
const isStrongSecret = (value: string) =>
  /^[A-Za-z0-9_-]+$/.test(value) && secretBytes(value).length >= 32 && new Set(secretBytes(value)).size >= 16;

export const signingSecrets = () =>
  commaSeparated()
    .refine((secrets) => secrets.length > 0, "must not be empty")
    .refine(
      (secrets) => secrets.every(isStrongSecret),
      "every secret must be at least 32 random bytes in base64url",
    );

// The characters that a Bearer header can carry (RFC 6750 section 2.1); any other would never match.
export const headerSecret = () =>
  z
    .string()
    .regex(/^[\w.~+/-]{32,}=*$/, "must have at least 32 characters of A-Z a-z 0-9 - . _ ~ + /")
    .refine((value) => new Set(value).size >= 8, "must be random");

export const webhookSecret = () =>
  z
    .string()
    .regex(
      /^whsec_[A-Za-z0-9+/]{32,}=*$/,
      "must be the signing secret that Resend shows, at least 24 bytes in base64",
    );

export const sender = () =>
  z
    .string()
    .regex(
      /^(?:[^<>\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
      "must be an email address or `Name <address>`",
    );

export const emailCount = () =>
  z
    .string()
    .regex(/^[1-9]\d{0,6}$/, "must be a whole number from 1 to 9999999")
    .transform(Number);

export const origin = () =>
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

export const origins = () =>
  commaSeparated().pipe(
    z.array(origin(), "must be a comma-separated list of origins; * is not possible with cookies"),
  );

export const httpUrl = () => z.url({ protocol: /^https?$/ });

/** Without a trailing slash. */
export const breachUrl = () =>
  z
    .url({ protocol: /^https?$/ })
    .refine((value) => {
      const url = parseUrl(value);
      return url?.protocol === "https:" || isLocalHost(url?.hostname ?? "");
    }, "must use https (http is for localhost only)")
    .transform((value) => value.replace(/\/+$/, ""));
