import { zValidator } from "@hono/zod-validator";
import type { Context, Hono, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Access } from "../db/client.js";
import type { AppEnv } from "./app.js";
import { type AccessClaims, requireAccessToken } from "./auth/access-token.js";
import { requireCronSecret } from "./auth/cron-secret.js";
import { honoPath, type Operation } from "./contract.js";
import type { EnvName } from "./env.js";
import { readBody } from "./http/body.js";
import { requireOwnOrigin } from "./http/origins.js";
import { refuseInvalid } from "./http/validation.js";
import { Problem } from "./problem.js";
import type * as z from "./zod.js";

type Part<O extends Operation, K extends "body" | "query" | "params" | "headers"> = O[K] extends z.ZodMiniType
  ? z.output<O[K]>
  : never;

type Input<O extends Operation> = {
  out: {
    json: Part<O, "body">;
    query: Part<O, "query">;
    param: Part<O, "params">;
    header: Part<O, "headers">;
  };
};

type Claims<O extends Operation> = O["auth"] extends "access-token" | "admin"
  ? { Variables: { claims: AccessClaims; access: Access } }
  : object;

type HeadersOf<A> = A extends { headers: infer H }
  ? {
      headers: { [K in keyof H as H[K] extends { optional: true } ? never : K]: string } & {
        [name: string]: string;
      };
    }
  : { headers?: Record<string, string> };
type BodyOf<A> = A extends { body: infer S extends z.ZodMiniType } ? { body: z.output<S> } : { body?: never };

/** What a handler may answer: one of the successes of its contract. Anything else is thrown as a Problem. */
export type Reply<O extends Operation> = {
  [S in keyof O["responses"]]: { status: S } & BodyOf<O["responses"][S]> & HeadersOf<O["responses"][S]>;
}[keyof O["responses"]];

/** Serves one operation: media type, origin, token and input are checked before the handler sees the request. */
export function handle<const O extends Operation, N extends EnvName, const R extends Reply<O>>(
  app: Hono<AppEnv<N>>,
  op: O,
  handler: (c: Context<AppEnv<N> & Claims<O>, string, Input<O>>) => Promise<R>,
): void {
  const checks: MiddlewareHandler[] = [guardOf(op), ...validatorsOf(op)];
  app.on([op.method.toUpperCase()], [honoPath(op.path)], ...checks, async (c) => {
    const reply: { status: unknown; body?: unknown; headers?: Record<string, string> } = await handler(
      c as never,
    );
    const status = reply.status as number;
    if (reply.body === undefined) return new Response(null, { status, headers: { ...reply.headers } });
    // Not Response.json: a host that has a cheaper Response for texts than the platform's cannot take that over.
    const headers = { "content-type": "application/json", ...reply.headers };
    return new Response(JSON.stringify(reply.body), { status, headers });
  });
}

const guardOf = (op: Operation) =>
  createMiddleware<AppEnv<EnvName> & { Variables: { claims: AccessClaims; access: Access } }>(
    async (c, next) => {
      const { env, log } = c.var;
      if (op.body) await readBody(c, op);
      if (op.auth === "session-cookie") requireOwnOrigin(c.req.raw.headers, env);
      if (op.auth === "cron-secret") requireCronSecret(c.req.header("authorization"), env.CRON_SECRET);
      if (op.auth !== "access-token" && op.auth !== "admin") return next();

      const claims = await requireAccessToken(c.req.header("authorization"), env);
      const { sessionId, userId } = claims;
      c.set("claims", claims);
      c.set("access", { sessionId, userId, ...(op.auth === "admin" ? { role: "admin" } : {}) });
      log.user = claims.pseudonym;
      await next();
    },
  );

function validatorsOf(op: Operation): MiddlewareHandler[] {
  const validators: MiddlewareHandler[] = [];
  if (op.params) {
    validators.push(
      zValidator("param", op.params, (result) => {
        // Something that cannot be an id is the id of nothing.
        if (!result.success) throw new Problem("not-found");
      }),
    );
  }
  if (op.query) validators.push(zValidator("query", op.query, refuseInvalid("parameter")));
  if (op.headers) validators.push(zValidator("header", op.headers, refuseInvalid("parameter")));
  if (op.body) validators.push(zValidator("json", op.body, refuseInvalid("pointer")));
  return validators;
}
