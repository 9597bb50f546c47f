import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { issueAccessToken } from "../../../lib/auth/access-token.js";
import { accessTokenSeconds } from "../../../lib/auth/limits.js";
import type { Auth, Operation } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import type { RequestOptions } from "../../stack/client.js";
import type { Person } from "../../stack/people.js";
import { identityOf, plant } from "../../stack/planted.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { methodOf, perform, prepare, successOf } from "./prepared.js";

let stack: Stack;
let otherStack: Stack;
beforeAll(async () => {
  [stack, otherStack] = await Promise.all([startStack(), startStack()]);
});
afterAll(() => Promise.all([stack.stop(), otherStack.stop()]));

const byAuth = (...auths: Auth[]) =>
  routes.filter(({ auth }) => auths.includes(auth)).map((op) => [methodOf(op), op.path, op] as const);
const withToken = byAuth("access-token", "admin");
const withBearer = byAuth("access-token", "admin", "cron-secret");
const withoutBearer = byAuth("none", "session-cookie");

test("every operation is in one of the two lists", () => {
  expect(withBearer.length + withoutBearer.length).toBe(routes.length);
  expect(withBearer.length).toBeGreaterThan(0);
});

/** The prepared request with another token, or with none. */
async function sendWith(op: Operation, token: string | undefined, changes: RequestOptions = {}) {
  const prepared = await prepare(op, stack);
  const { token: _, ...options } = prepared.options;
  const sent = token === undefined ? options : { ...options, token };
  return perform(op, { ...prepared, options: { ...sent, ...changes } });
}

/** A token that was right `secondsAgo`. */
async function tokenOf(person: Person & { sessionId: string }, secondsAgo = 0, from = stack) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - secondsAgo * 1000 });
  try {
    const { id: userId, sessionId } = person;
    const subject = { userId, sessionId, role: "admin", authTime: new Date().toISOString() } as const;
    return issueAccessToken(identityOf(from), subject).accessToken;
  } finally {
    vi.useRealTimers();
  }
}

describe.each(withBearer)("%s %s", (_, __, op) => {
  test("answers 401 without a token, with a challenge that names no error", async () => {
    const answer = await sendWith(op, undefined);
    expect(answer.code).toBe("unauthenticated");
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm="latchkey"/);
    if (op.auth !== "cron-secret") expect(answer.headers.get("www-authenticate")).not.toContain("error");
  });

  test.each(["garbage", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30.", "x".repeat(8000)])(
    "answers 401 to the token %s",
    async (token) => {
      const answer = await sendWith(op, token);
      expect(answer.code).toBe("unauthenticated");
      expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    },
  );

  test("answers 401 before it looks at the request", async () => {
    const answer = await sendWith(op, undefined, op.body ? { json: { unknown: 1 } } : {});
    expect(answer.code).toBe("unauthenticated");
  });
});

describe.each(withToken)("%s %s", (_, __, op) => {
  test("answers 401 to a token that has just expired, and not to one that is about to", async () => {
    const person = await plant(stack, { role: "admin" });
    expect((await sendWith(op, await tokenOf(person, accessTokenSeconds + 1))).code).toBe("unauthenticated");
    const young = await sendWith(op, await tokenOf(person, accessTokenSeconds - 30));
    expect(young.code).not.toBe("unauthenticated");
  });

  test("answers 401 to a token of another deployment, and to the cron's secret", async () => {
    const foreign = await tokenOf(await plant(otherStack, { role: "admin" }), 0, otherStack);
    expect((await sendWith(op, foreign)).code).toBe("unauthenticated");
    expect((await sendWith(op, stack.env["CRON_SECRET"])).code).toBe("unauthenticated");
  });

  test("answers 401 to a session that belongs to another user than the token says", async () => {
    const [one, other] = [await plant(stack, { role: "admin" }), await plant(stack, { role: "admin" })];
    const mixed = await tokenOf({ ...one, sessionId: other.sessionId });
    expect((await sendWith(op, mixed)).code).toBe("session-ended");
  });

  test.each(["Basic", "Token", "DPoP", ""])(
    "answers 401 to a good token in the scheme %j",
    async (scheme) => {
      const { token } = await plant(stack, { role: "admin" });
      const answer = await sendWith(op, undefined, {
        headers: { authorization: `${scheme} ${token}`.trim() },
      });
      expect(answer.code).toBe("unauthenticated");
    },
  );

  test("takes the scheme in any case, and no token from anywhere else", async () => {
    const prepared = await prepare(op, stack);
    const { token, ...options } = prepared.options;
    for (const [name, value] of [
      ["cookie", `access_token=${token}`],
      ["x-access-token", String(token)],
    ]) {
      const answer = await perform(op, {
        ...prepared,
        options: { ...options, headers: { [`${name}`]: `${value}` } },
      });
      expect(answer.code).toBe("unauthenticated");
    }
    const headers = { authorization: `bEaReR   ${token}` };
    expect((await perform(op, { ...prepared, options: { ...options, headers } })).status).toBe(successOf(op));
  });

  test(op.auth === "admin" ? "answers 403 to a user's token" : "takes a user's token", async () => {
    const { token } = await plant(stack);
    const answer = await sendWith(op, token);
    if (op.auth === "admin") expect(answer.code).toBe("forbidden");
    else expect([401, 403]).not.toContain(answer.status);
  });
});

describe.each(withoutBearer)("%s %s", (_, __, op) => {
  test.each([["none"], ["garbage"], ["an expired one"]])(
    "needs no access token: with %s it succeeds",
    async (kind) => {
      const expired = await tokenOf(await plant(stack), accessTokenSeconds + 1);
      const token = { none: undefined, garbage: "garbage", "an expired one": expired }[kind];
      expect((await sendWith(op, token)).status).toBe(successOf(op));
    },
  );
});

describe("GET /api/cron/outbox", () => {
  const [[, , op] = []] = byAuth("cron-secret");

  test("answers 401 to all but the whole secret", async () => {
    if (!op) throw new Error("no cron");
    const secret = String(stack.env["CRON_SECRET"]);
    const admin = await plant(stack, { role: "admin" });
    const wrong = [
      secret.slice(0, -1),
      `${secret}A`,
      secret.toUpperCase(),
      `${secret}=`,
      secret.slice(1),
      admin.token,
    ];
    for (const token of wrong) {
      expect((await sendWith(op, token)).code, token).toBe("unauthenticated");
    }
    expect((await sendWith(op, secret)).status).toBe(200);
  });

  test("takes the secret from the header only", async () => {
    const secret = stack.env["CRON_SECRET"];
    const client = stack.client();
    for (const path of [`/api/cron/outbox?secret=${secret}`, `/api/cron/outbox?CRON_SECRET=${secret}`]) {
      const answer = await client.get(path, {
        headers: { "x-vercel-cron": "1", "user-agent": "vercel-cron/1.0" },
      });
      expect(answer.code).toBe("unauthenticated");
    }
  });
});
