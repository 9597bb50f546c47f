import { type Operation, problemsOf } from "../../../lib/contract.js";
import type { ProblemCode } from "../../../lib/problem.js";
import type { Answer } from "../../stack/client.js";
import type { Person } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import type { Stack } from "../../stack/stack.js";
import { type Prepared, perform, prepare, successOf } from "./prepared.js";

/** How an operation can end: a status of success, or the code of a problem. */
export type Outcome = `${number}` | ProblemCode;
/** `bare` is a stack without any variable. */
export type Kitchen = { stack: Stack; bare: Stack };
type Recipe = (op: Operation, kitchen: Kitchen) => Promise<Answer>;

/** Prepares the success, spoils it, and sends it. */
const spoiled =
  (
    spoil: (
      prepared: Prepared,
      op: Operation,
      stack: Stack,
    ) => Partial<Prepared> | Promise<Partial<Prepared>>,
  ): Recipe =>
  async (op, { stack }) => {
    const prepared = await prepare(op, stack);
    return perform(op, { ...prepared, ...(await spoil(prepared, op, stack)) });
  };

const withBody = (body: string, type = "application/json") =>
  spoiled(({ options }) => ({
    options: { ...options, json: undefined, body, headers: { "content-type": type } },
  }));

/** Changes the sender's row before the request is sent. */
const afterSql = (text: string) =>
  spoiled(async ({ person }, _, stack) => {
    await stack.sql(text, [idOf(person)]);
    return {};
  });

function idOf(person: Person | undefined): string {
  if (!person) throw new Error("nobody in particular sends it");
  return person.id;
}

const nobody = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
const kibibyte = 1024;

const invalid = spoiled(({ path, options }, op) => {
  if (op.body) return { options: { ...options, json: { ...(options.json as object), unknown: 1 } } };
  if (op.query) return { path: `${path}${path.includes("?") ? "&" : "?"}unknown=1` };
  const name = Object.keys(op.headers?.shape ?? {})[0] ?? "none";
  return { options: { ...options, headers: { [name]: "x".repeat(2 * kibibyte) } } };
});

/** For every operation that documents them. */
const generic: Partial<Record<Outcome, Recipe>> = {
  "malformed-json": withBody("{"),
  "unsupported-media-type": withBody("{}", "text/plain"),
  "payload-too-large": withBody(`"${"x".repeat(64 * kibibyte)}"`),
  "invalid-request": invalid,
  unauthenticated: spoiled(({ options: { token: _, ...options } }) => ({ options })),
  "session-ended": afterSql("update sessions set ended_at = now() where user_id = $1"),
  "account-banned": afterSql("update users set banned_at = now() where id = $1"),
  forbidden: afterSql("update users set role = 'user' where id = $1"),
  "cross-site-request": spoiled(({ options }) => ({
    options: { ...options, headers: { origin: "https://evil.example" } },
  })),
  "not-found": spoiled(({ path }) => ({ path: path.replace(/[^/]+$/, nobody) })),
  "precondition-failed": spoiled(({ options }) => ({
    options: { ...options, headers: { "if-match": '"9"' } },
  })),
  "invalid-cursor": spoiled(({ path }) => ({ path: `${path}?cursor=AAAA` })),
  "invalid-link": spoiled(({ options }) => ({
    options: { ...options, json: { ...(options.json as object), token: "AAAA" } },
  })),
  "rate-limited": async (op, { stack }) => {
    const prepared = await prepare(op, stack);
    await perform(op, prepared);
    await stack.sql("update throttle set tat = now() + interval '1 day'");
    return perform(op, prepared);
  },
  conflict: spoiled(async ({ options, person }, op, stack) => {
    const id = idOf(person);
    await stack.sql("update users set role = 'user' where id <> $1", [id]);
    const path = op.path.replace("{id}", id);
    return op.body ? { path, options: { ...options, json: { role: "user" } } } : { path };
  }),
  "server-misconfigured": async (op, { stack, bare }) =>
    perform(op, await prepare(op, stack), {}, bare.client()),
  "database-unavailable": async (op, { stack }) => {
    const prepared = await prepare(op, stack);
    await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
    try {
      return await perform(op, prepared);
    } finally {
      await stack.neon.heal(stack.databaseName);
    }
  },
};

const asLogin = (json: unknown) => ({ options: { json } });

/** For one operation. */
const own: Record<string, Partial<Record<Outcome, Recipe>>> = {
  login: {
    "invalid-credentials": spoiled(({ person }) => asLogin({ email: person?.email, password: "wrong" })),
    "email-not-verified": spoiled(async (_, __, stack) => {
      const { email, password } = await plant(stack, { isVerified: false });
      return asLogin({ email, password });
    }),
    internal: afterSql("update users set password_hash = 'no hash' where id = $1"),
  },
  createTask: {
    "idempotency-key-reused": async (op, { stack }) => {
      const prepared = await prepare(op, stack);
      const headers = { "idempotency-key": "one" };
      await perform(op, prepared, { headers });
      return perform(op, prepared, { headers, json: { title: "Another" } });
    },
  },
  getTask: {
    304: spoiled(({ options }) => ({ options: { ...options, headers: { "if-none-match": '"1"' } } })),
  },
};

/**
 * `internal` says that there is a defect: each operation may answer it, and none can be made to, save where a row
 * can be broken from outside. All share the one place that answers it (`lib/app.ts`).
 */
const cannotBeProduced = (op: Operation, outcome: Outcome) =>
  outcome === "internal" && own[op.id]?.internal === undefined;

/** All that the contract documents, save what only a defect would produce. */
export const outcomesOf = (op: Operation): Outcome[] =>
  [...(Object.keys(op.responses) as Outcome[]), ...problemsOf(op)].filter(
    (outcome) => !cannotBeProduced(op, outcome),
  );

export function recipeFor(op: Operation, outcome: Outcome): Recipe | undefined {
  const known = own[op.id]?.[outcome] ?? generic[outcome];
  return outcome === String(successOf(op)) ? spoiled(() => ({})) : known;
}

/** Makes the operation end that way. */
export function produce(op: Operation, outcome: Outcome, kitchen: Kitchen): Promise<Answer> {
  const recipe = recipeFor(op, outcome);
  if (!recipe) throw new Error(`nobody knows how ${op.id} comes to ${outcome}`);
  return recipe(op, kitchen);
}

/** Every name that `startStack` gives, taken away. */
export const noVariables = {
  APP_URL: undefined,
  AUTH_SECRET: undefined,
  CRON_SECRET: undefined,
  DATABASE_URL: undefined,
  NEON_FETCH_ENDPOINT: undefined,
  RESEND_API_KEY: undefined,
  RESEND_BASE_URL: undefined,
  MAIL_FROM: undefined,
};
