import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { issueAccessToken } from "../../../lib/auth/access-token.js";
import { accessTokenSeconds } from "../../../lib/auth/limits.js";
import type { Auth, Operation } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import type { RequestOptions } from "../../stack/client.js";
import { authEnv, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { methodOf, sendRequest, successStatusOf, testableRoutes, validRequest } from "./valid-requests.js";

let stack: Stack;
let otherStack: Stack;
beforeAll(async () => {
  [stack, otherStack] = await Promise.all([startStack(), startStack()]);
});
afterAll(() => Promise.all([stack.stop(), otherStack.stop()]));

const withToken: Auth[] = ["access-token", "admin"];
const withBearer: Auth[] = [...withToken, "cron-secret"];
const withoutBearer: Auth[] = ["none", "session-cookie"];
const withSignature: Auth[] = ["webhook-signature"];
const operationsWith = (auths: Auth[]) =>
  testableRoutes.filter(({ auth }) => auths.includes(auth)).map((op) => [methodOf(op), op.path, op] as const);

test("every operation requires a bearer credential or a signature, or works without one", () => {
  const counts = [withBearer, withoutBearer, withSignature].map(
    (auths) => routes.filter(({ auth }) => auths.includes(auth)).length,
  );
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(routes.length);
  for (const count of counts) expect(count).toBeGreaterThan(0);
});

/** Sends a valid request with its token replaced, or removed when `token` is undefined. */
async function sendWith(op: Operation, token: string | undefined, changes: RequestOptions = {}) {
  const request = await validRequest(op, stack);
  const { token: _, ...options } = request.options;
  const sent = token === undefined ? options : { ...options, token };
  return sendRequest(op, { ...request, options: { ...sent, ...changes } });
}

/** An access token with the admin role, issued `secondsAgo` seconds ago. */
async function tokenOf(person: TestUser & { sessionId: string }, secondsAgo = 0, from = stack) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - secondsAgo * 1000 });
  try {
    const { id: userId, sessionId } = person;
    const subject = { userId, sessionId, role: "admin", authTime: new Date().toISOString() } as const;
    return (await issueAccessToken(authEnv(from), subject)).accessToken;
  } finally {
    vi.useRealTimers();
  }
}

describe.each(operationsWith(withBearer))("%s %s", (_, __, op) => {
  test("returns 401 without a token, with a challenge that names no error", async () => {
    const response = await sendWith(op, undefined);
    expect(response.code).toBe("unauthenticated");
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer realm="latchkey"/);
    if (op.auth !== "cron-secret") expect(response.headers.get("www-authenticate")).not.toContain("error");
  });

  test.each(["garbage", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30.", "x".repeat(8000)])(
    "returns 401 for the token %s",
    async (token) => {
      const response = await sendWith(op, token);
      expect(response.code).toBe("unauthenticated");
      expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
    },
  );

  test("returns 401 before it validates the request", async () => {
    const response = await sendWith(op, undefined, op.body ? { json: { unknown: 1 } } : {});
    expect(response.code).toBe("unauthenticated");
  });
});

describe.each(operationsWith(withToken))("%s %s", (_, __, op) => {
  // @proof expired-token-refused
  test("returns 401 for a token that has just expired and accepts one that is about to", async () => {
    const person = await seedUser(stack, { role: "admin" });
    expect((await sendWith(op, await tokenOf(person, accessTokenSeconds + 1))).code).toBe("unauthenticated");
    const almostExpired = await sendWith(op, await tokenOf(person, accessTokenSeconds - 30));
    expect(almostExpired.code).not.toBe("unauthenticated");
  });

  // @proof foreign-token-refused
  test("returns 401 for a token of another deployment and for the cron secret", async () => {
    const foreign = await tokenOf(await seedUser(otherStack, { role: "admin" }), 0, otherStack);
    expect((await sendWith(op, foreign)).code).toBe("unauthenticated");
    expect((await sendWith(op, stack.env["CRON_SECRET"])).code).toBe("unauthenticated");
  });

  test("returns 401 for a token whose session belongs to another user", async () => {
    const [one, other] = [await seedUser(stack, { role: "admin" }), await seedUser(stack, { role: "admin" })];
    const mixed = await tokenOf({ ...one, sessionId: other.sessionId });
    expect((await sendWith(op, mixed)).code).toBe("session-ended");
  });

  test.each(["Basic", "Token", "DPoP", ""])(
    "returns 401 for a valid token in the scheme %j",
    async (scheme) => {
      const { token } = await seedUser(stack, { role: "admin" });
      const response = await sendWith(op, undefined, {
        headers: { authorization: `${scheme} ${token}`.trim() },
      });
      expect(response.code).toBe("unauthenticated");
    },
  );

  test("accepts the Bearer scheme in any case and ignores a token in a cookie or another header", async () => {
    const request = await validRequest(op, stack);
    const { token, ...options } = request.options;
    for (const [name, value] of [
      ["cookie", `access_token=${token}`],
      ["x-access-token", String(token)],
    ] as const) {
      const response = await sendRequest(op, {
        ...request,
        options: { ...options, headers: { [name]: value } },
      });
      expect(response.code).toBe("unauthenticated");
    }
    const headers = { authorization: `bEaReR   ${token}` };
    const response = await sendRequest(op, { ...request, options: { ...options, headers } });
    expect(response.status).toBe(successStatusOf(op));
  });

  test(op.auth === "admin" ? "returns 403 for a user's token" : "accepts a user's token", async () => {
    const { token } = await seedUser(stack);
    const response = await sendWith(op, token);
    if (op.auth === "admin") expect(response.code).toBe("forbidden");
    else expect([401, 403]).not.toContain(response.status);
  });
});

describe.each(operationsWith(withoutBearer))("%s %s", (_, __, op) => {
  test.each([["no"], ["a garbage"], ["an expired"]])("succeeds with %s access token", async (kind) => {
    const expired = await tokenOf(await seedUser(stack), accessTokenSeconds + 1);
    const token = { no: undefined, "a garbage": "garbage", "an expired": expired }[kind];
    expect((await sendWith(op, token)).status).toBe(successStatusOf(op));
  });
});

describe.each(operationsWith(withSignature))("%s %s", (_, __, op) => {
  test("returns 401 without a signature, with any token, and before it validates the request", async () => {
    const { path } = await validRequest(op, stack);
    const admin = await seedUser(stack, { role: "admin" });
    for (const token of [admin.token, String(stack.env["CRON_SECRET"])]) {
      expect((await admin.client.post(path, {}, { token })).code).toBe("invalid-signature");
    }
    expect((await stack.client().post(path, { type: 1 })).code).toBe("invalid-signature");
  });
});

describe("GET /api/cron/outbox", () => {
  const [[, , op] = []] = operationsWith(["cron-secret"]);

  test("returns 401 unless the token is the whole secret", async () => {
    if (!op) throw new Error("no operation with the cron secret");
    const secret = String(stack.env["CRON_SECRET"]);
    const admin = await seedUser(stack, { role: "admin" });
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

  test("ignores the secret in a query parameter", async () => {
    const secret = stack.env["CRON_SECRET"];
    const client = stack.client();
    for (const path of [`/api/cron/outbox?secret=${secret}`, `/api/cron/outbox?CRON_SECRET=${secret}`]) {
      const response = await client.get(path, {
        headers: { "x-vercel-cron": "1", "user-agent": "vercel-cron/1.0" },
      });
      expect(response.code).toBe("unauthenticated");
    }
  });
});
