import type { SecurityScheme } from "../document/openapi.js";
import { type Api, type Operation, rolesOf } from "../document/operation.js";
import type { Callers } from "../options.js";
import type { Case, Identity } from "../request/case.js";
import type { Warnings } from "../warnings.js";
import type { HttpRequest } from "./connection.js";

type Headers = HttpRequest["headers"];
type Authentication = { api: Api; callers: Callers };

/** The header that carries a credential, and the text before the secret. */
type Carrier = { header: string; prefix: string };

/** The carrier of a scheme. `undefined`: the scheme does not use a header. */
function carrierOf(scheme: SecurityScheme | undefined): Carrier | undefined {
  if (scheme?.type === "oauth2" || scheme?.type === "openIdConnect") {
    return { header: "authorization", prefix: "Bearer " };
  }
  if (scheme?.type === "http") {
    const name = scheme.scheme?.toLowerCase();
    if (name === "bearer") return { header: "authorization", prefix: "Bearer " };
    return name === "basic" ? { header: "authorization", prefix: "Basic " } : undefined;
  }
  if (scheme?.type !== "apiKey" || !scheme.name) return undefined;
  if (scheme.in === "header") return { header: scheme.name.toLowerCase(), prefix: "" };
  return scheme.in === "cookie" ? { header: "cookie", prefix: `${scheme.name}=` } : undefined;
}

/** The first alternative whose credentials the fuzzer can send. */
const requirementOf = (op: Operation, api: Api) =>
  op.security.find((needed) => {
    const names = Object.keys(needed);
    return names.length > 0 && names.every((name) => carrierOf(api.securitySchemes[name]));
  });

export function warnAboutSecurity(op: Operation, api: Api, warnings: Warnings): void {
  if (op.security.every((needed) => Object.keys(needed).length === 0) || requirementOf(op, api)) return;
  const names = op.security.flatMap((needed) => Object.keys(needed)).join(", ");
  warnings.add(
    op.pointer,
    `the security scheme ${names} is not supported: only requests without credentials are sent`,
  );
}

/** The headers that authenticate a request. `undefined`: the run lacks such a caller. */
export async function authenticate(
  { api, callers }: Authentication,
  op: Operation,
  request: Case,
): Promise<Headers | undefined> {
  if (op.security.length === 0 || request.identity === "absent") return {};
  const isOptional = op.security.some((needed) => Object.keys(needed).length === 0);
  // An optional credential is mostly left out.
  if (isOptional && request.identity === "valid" && request.choice % 5 > 0) return {};
  const requirement = requirementOf(op, api);
  const roles = request.identity === "without the role" ? [] : rolesOf(op);
  const headers: Headers = {};
  for (const name of Object.keys(requirement ?? {})) {
    const carrier = carrierOf(api.securitySchemes[name]);
    const credential = await callers.credential(name, { operationId: op.id, roles, body: request.body });
    if (!carrier || credential === undefined) return isOptional ? {} : undefined;
    const { header, prefix, secret } = split(carrier, credential);
    const value = disguise(request.identity, prefix, secret);
    headers[header] = headers[header] === undefined ? value : `${headers[header]}; ${value}`;
  }
  return requirement || isOptional ? headers : undefined;
}

/** A caller gives a cookie with its name, which may differ from the documented one: `__Host-` needs HTTPS. */
function split({ header, prefix }: Carrier, credential: string): Carrier & { secret: string } {
  if (header !== "cookie") return { header, prefix, secret: credential };
  const [name = "", secret = ""] = credential.split(/=(.*)/s);
  return { header, prefix: `${name}=`, secret };
}

function disguise(identity: Identity, prefix: string, secret: string): string {
  switch (identity) {
    case "empty":
      return prefix.trim();
    case "other scheme":
      return prefix.endsWith("=") ? `other=${secret}` : `Other ${secret}`;
    case "truncated":
      return prefix + secret.slice(0, -5);
    case "forged":
      return prefix + forged(secret);
    case "unsigned":
      return prefix + unsigned(secret);
    default:
      return prefix + secret;
  }
}

/** Changes a character well before the end: the last bits of base64 may be padding. */
function forged(secret: string): string {
  const at = Math.max(0, secret.length - 8);
  return `${secret.slice(0, at)}${secret[at] === "A" ? "B" : "A"}${secret.slice(at + 1)}`;
}

/** Replaces the header of a JWT with one that claims to need no signature (RFC 8725, section 2.1). */
function unsigned(secret: string): string {
  const [header, payload, signature] = secret.split(".");
  if (!payload || signature === undefined) return `${secret}.`;
  const stated = Object(parseHeader(header));
  return `${Buffer.from(JSON.stringify({ ...stated, alg: "none" })).toString("base64url")}.${payload}.`;
}

function parseHeader(header = ""): unknown {
  try {
    return JSON.parse(Buffer.from(header, "base64url").toString());
  } catch {
    return {};
  }
}
