import { zValidator } from "@hono/zod-validator";
import type { Handler, Hono, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import * as z from "zod";
import type { Access } from "../db/query.js";
import type { AppEnv } from "./app.js";
import { requireAccessToken, requireRecentProof } from "./auth/access-token.js";
import { allowanceOf } from "./auth/allowance.js";
import { requireCronSecret } from "./auth/cron-secret.js";
import { honoPath, type Operation } from "./contract.js";
import { userPseudonym } from "./crypto/keyed-hash.js";
import { keyRing } from "./crypto/keys.js";
import type { EnvName } from "./env/variables.js";
import { checkBody } from "./http/body.js";
import { requireOwnOrigin } from "./http/origins.js";
import { refuseInvalid } from "./http/validation.js";
import { Problem } from "./problem.js";

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** The parts of a request that its contract describes, parsed. A part that the contract lacks is undefined. */
type Input<O extends Operation> = {
  params: Parsed<O["params"]>;
  query: Parsed<O["query"]>;
  headers: Parsed<O["headers"]>;
  body: Parsed<O["body"]>;
  /** The request itself, for the parts that contracts leave out: the cookie and the client's IP address. */
  request: Request;
};

type Guarded<O extends Operation> = O["auth"] extends "access-token" | "admin" ? { access: Access } : object;

/** Several values become several fields of the same name, as `Set-Cookie` requires. */
type HeaderValue = string | readonly string[];
type HeadersOf<R> = R extends { headers: infer H }
  ? {
      headers: { [K in keyof H as H[K] extends { optional: true } ? never : K]: HeaderValue } & {
        [name: string]: HeaderValue;
      };
    }
  : { headers?: Record<string, HeaderValue> };
type MediaTypeOf<R> = R extends { otherBodies: infer Bodies } ? keyof Bodies : never;
type BodyOf<R> = R extends { isStreamed: true }
  ? { body: ReadableStream<Uint8Array>; mediaType?: MediaTypeOf<R> | undefined }
  : R extends { body: infer S extends z.ZodType }
    ? { body: z.output<S> }
    : { body?: never };

/** One of the successes in the contract. Handlers throw a Problem for any other outcome. */
export type Reply<O extends Operation> = {
  [S in keyof O["responses"]]: { status: S } & BodyOf<O["responses"][S]> & HeadersOf<O["responses"][S]>;
}[keyof O["responses"]];

type ParsedParts = { out: { param: unknown; query: unknown; header: unknown; json: unknown } };

/**
 * Serves one operation. Media type, origin, token and input are checked before the handler runs. It gets the parsed
 * input, the access and everything in `c.var` as one typed argument.
 */
export function handle<const O extends Operation, V extends object, const R extends Reply<O>>(
  app: Hono<{ Variables: V }>,
  op: O,
  handler: (input: V & Guarded<O> & Input<O>) => Promise<R>,
): void {
  const respond: Handler<{ Variables: V }, string, ParsedParts> = async (c) => {
    const input = {
      ...c.var,
      params: op.params && c.req.valid("param"),
      query: op.query && c.req.valid("query"),
      headers: op.headers && c.req.valid("header"),
      body: op.body && c.req.valid("json"),
      request: c.req.raw,
    };
    // The guard and the validators, which read the same contract, have produced exactly these parts.
    const {
      status,
      body,
      mediaType = op.responses[status]?.mediaType ?? "application/json",
      ...reply
    } = (await handler(input as V & Guarded<O> & Input<O>)) as AnyReply;
    const headers = Object.entries(reply.headers ?? {}).flatMap(([name, value]): [string, string][] =>
      [value].flat().map((single) => [name, single]),
    );
    const isText = typeof body === "string" && mediaType !== "application/json";
    if (isText || body instanceof ReadableStream)
      return new Response(body, { status, headers: [["Content-Type", mediaType], ...headers] });
    return body === undefined
      ? new Response(null, { status, headers })
      : Response.json(body, { status, headers });
  };
  const method = op.method.toUpperCase();
  for (const check of [guard(op), ...validators(op)]) app.on(method, honoPath(op.path), check);
  app.on(method, honoPath(op.path), respond);
}

type AnyReply = {
  status: number;
  body?: unknown;
  mediaType?: string;
  headers?: Record<string, HeaderValue>;
};

const guard = (op: Operation) =>
  createMiddleware<AppEnv<EnvName> & { Variables: { access: Access } & Partial<WebhookGuard> }>(
    async (c, next) => {
      const { env, log } = c.var;
      // First, so that the line of a refused request names the target too.
      const target =
        op.targetParameter && (c.req.param(op.targetParameter) ?? c.req.query(op.targetParameter));
      if (target) log.target = userPseudonym(keyRing(env.AUTH_SECRET)[0], target);
      if (op.body) await checkBody(c, op);
      if (op.auth === "session-cookie") requireOwnOrigin(c.req.raw.headers, env);
      if (op.auth === "cron-secret") requireCronSecret(c.req.header("authorization"), env.CRON_SECRET);
      if (op.auth === "webhook-signature") await requireSignature(c.var.requireSignature);
      if (op.auth !== "access-token" && op.auth !== "admin") return next();

      const claims = await requireAccessToken(c.req.header("authorization"), env);
      const { sessionId, userId } = claims;
      log.user = claims.pseudonym;
      if (op.stepUp) requireRecentProof(claims);
      const allowance = allowanceOf(keyRing(env.AUTH_SECRET)[0], userId);
      c.set("access", { sessionId, userId, allowance, ...(op.auth === "admin" ? { role: "admin" } : {}) });
      await next();
    },
  );

/** The check of a webhook's signature, which `createAppWithWebhook` provides: only its functions contain the verifier. */
export type WebhookGuard = { requireSignature: () => Promise<void> };

async function requireSignature(check: WebhookGuard["requireSignature"] | undefined): Promise<void> {
  if (!check) throw new Error("a webhook needs createAppWithWebhook");
  await check();
}

/** Parameters that analytics and cache busters add to any URL. */
const trackingParameter = /^(?:utm_.*|_)$/;

const withoutTracking = (query: z.ZodObject) =>
  z.preprocess(
    (value: object) =>
      Object.fromEntries(Object.entries(value).filter(([name]) => !trackingParameter.test(name))),
    query,
  );

function validators(op: Operation): MiddlewareHandler[] {
  const checks: MiddlewareHandler[] = [];
  if (op.params) {
    checks.push(
      zValidator("param", op.params, (result) => {
        // A malformed id cannot exist: 404.
        if (!result.success) throw new Problem("not-found");
      }),
    );
  }
  if (op.query) checks.push(zValidator("query", withoutTracking(op.query), refuseInvalid("parameter")));
  if (op.headers) checks.push(zValidator("header", op.headers, refuseInvalid("parameter")));
  if (op.body) checks.push(zValidator("json", op.body, refuseInvalid("pointer")));
  return checks;
}
