import type { Sent } from "./caller.js";
import type { Case, Identity } from "./case.js";
import { type Api, type Operation, rolesOf } from "./document.js";

/** What the fuzz may call itself; each is undefined where it has no such thing. */
export type Credentials = {
  /** The value of a bearer token for a security scheme. */
  bearer(scheme: string, isPrivileged: boolean): Promise<string | undefined>;
  /** A session of its own for each operation, as `name=value`; ended by nobody else. */
  cookie(operationId: string): Promise<string | undefined>;
  /** What an answer to that operation has set. */
  keepCookie(operationId: string, setCookies: string[]): void;
  /** A body that must be accepted, because it holds what only the owner of an account knows. */
  supply(operationId: string): Promise<unknown>;
  /** Resources that must outlive the run. */
  isProtected(item: Record<string, unknown>): boolean;
};

export const noCredentials: Credentials = {
  bearer: async () => undefined,
  cookie: async () => undefined,
  keepCookie: () => {},
  supply: async () => undefined,
  isProtected: () => true,
};

type Shown = Sent["headers"] | "nothing to show";
type Secret = { header: string; prefix: string; value: string | undefined };

/** The headers that show who calls, or that there is nothing to show for this operation. */
export async function identify(
  op: Operation,
  request: Case,
  api: Api,
  credentials: Credentials,
): Promise<Shown> {
  if (op.security.length === 0) return {};
  const isOptional = op.security.some((needed) => Object.keys(needed).length === 0);
  if (request.identity === "none" || (isOptional && request.identity === "own" && request.pick % 5 > 0))
    return {};
  const { header, prefix, value } = await secretOf(op, request.identity, api, credentials);
  if (value === undefined) return isOptional ? {} : "nothing to show";
  return { [header]: disguise(request.identity, prefix, value) };
}

async function secretOf(
  op: Operation,
  identity: Identity,
  api: Api,
  credentials: Credentials,
): Promise<Secret> {
  const name = op.security.flatMap((needed) => Object.keys(needed))[0] ?? "";
  const scheme = api.schemes[name];
  if (scheme?.type === "apiKey" && scheme.in === "cookie") {
    const [cookieName = "", value] = (await credentials.cookie(op.id))?.split(/=(.*)/s) ?? [];
    return { header: "cookie", prefix: `${cookieName}=`, value };
  }
  if (scheme?.type !== "http" || scheme.scheme !== "bearer")
    throw new Error(`the fuzz knows no scheme like ${name}`);
  const isPrivileged = rolesOf(op).length > 0 && identity !== "without the role";
  return { header: "authorization", prefix: "Bearer ", value: await credentials.bearer(name, isPrivileged) };
}

function disguise(identity: Identity, prefix: string, secret: string): string {
  if (identity === "empty") return prefix.trim();
  if (identity === "other scheme") return prefix === "Bearer " ? `Basic ${secret}` : `other=${secret}`;
  if (identity === "truncated") return prefix + secret.slice(0, -5);
  if (identity === "forged") return prefix + forged(secret);
  if (identity === "unsigned") return prefix + unsigned(secret);
  return prefix + secret;
}

/** Another letter, well before the end: the last one of base64 may have bits that mean nothing. */
const forged = (secret: string) => {
  const at = secret.length - 8;
  return `${secret.slice(0, at)}${secret[at] === "A" ? "B" : "A"}${secret.slice(at + 1)}`;
};

/** The header of a JWT that says nobody has signed it (RFC 8725 section 2.1). */
function unsigned(secret: string): string {
  const [, payload, signature] = secret.split(".");
  if (!payload || signature === undefined) return `${secret}.`;
  return `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.${payload}.`;
}
