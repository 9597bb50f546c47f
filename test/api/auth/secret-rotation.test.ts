import { randomBytes } from "node:crypto";
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import {
  emailedToken,
  goodPassword,
  newEmail,
  register,
  signUp,
  subjects,
  type TestUser,
} from "../../stack/users.js";
import { cookieHeader, cookieValue, refreshWith } from "./cookies.js";

const newSecret = randomBytes(32).toString("base64url");

/** Three deployments on one database: before, during and after the rotation of AUTH_SECRET. */
let before: Stack;
let during: Stack;
let after: Stack;
beforeAll(async () => {
  before = await startStack();
  const oldSecret = String(before.env["AUTH_SECRET"]);
  [during, after] = await Promise.all([
    startStack({ sharing: before, env: { AUTH_SECRET: `${newSecret}, ${oldSecret}` } }),
    startStack({ sharing: before, env: { AUTH_SECRET: newSecret } }),
  ]);
});
afterAll(async () => {
  await Promise.all([during.stop(), after.stop()]);
  await before.stop();
});

const me = (stack: Stack, token: string) => stack.client().get("/api/auth/me", { token });
const verify = (stack: Stack, token: string) => stack.client().post("/api/auth/verify-email", { token });
const reset = (stack: Stack, token: string, password = goodPassword()) =>
  stack.client().post("/api/auth/reset-password", { token, password });

async function verificationTokenFrom(stack: Stack): Promise<string> {
  const { email } = await register(stack);
  return emailedToken(stack, email, subjects.verify);
}

async function resetTokenFrom(stack: Stack, person: Pick<TestUser, "email">): Promise<string> {
  await stack.client().post("/api/auth/forgot-password", { email: person.email });
  return emailedToken(stack, person.email, subjects.reset);
}

describe("a new AUTH_SECRET in front of the old one", () => {
  // @proof rotation-keeps-old-credentials
  test("keeps access tokens, cookies and links of the old secret valid", async () => {
    const ada = await signUp(before);
    expect((await me(during, ada.token)).status).toBe(200);
    expect((await refreshWith(during.client(), cookieHeader(ada.client))).status).toBe(200);
    expect((await verify(during, await verificationTokenFrom(before))).status).toBe(200);
    expect((await reset(during, await resetTokenFrom(before, ada))).status).toBe(204);
  });

  test("lets an old cookie end its session at sign-out and at the next sign-in", async () => {
    const [ada, grace] = [await signUp(before), await signUp(before)];
    const options = { cookie: cookieHeader(ada.client) };
    expect((await during.client().post("/api/auth/logout", undefined, options)).status).toBe(204);
    expect((await me(during, ada.token)).code).toBe("session-ended");
    const { email, password } = grace;
    const again = { cookie: cookieHeader(grace.client) };
    await during.client().post("/api/auth/login", { email, password }, again);
    expect((await me(during, grace.token)).code).toBe("session-ended");
  });

  test("signs new tokens, cookies and links with the new secret", async () => {
    const ada = await signUp(during);
    expect((await me(after, ada.token)).status).toBe(200);
    expect((await me(before, ada.token)).code).toBe("unauthenticated");
    expect((await refreshWith(before.client(), cookieHeader(ada.client))).code).toBe("session-ended");
    expect((await refreshWith(after.client(), cookieHeader(ada.client))).status).toBe(200);
    expect((await verify(after, await verificationTokenFrom(during))).status).toBe(200);
  });

  // @proof refresh-moves-cookie-to-new-secret
  test("refreshes an old cookie into one signed with the new secret", async () => {
    const ada = await signUp(before);
    const client = during.client();
    expect((await refreshWith(client, cookieHeader(ada.client))).status).toBe(200);
    expect((await refreshWith(after.client(), cookieHeader(client))).status).toBe(200);
  });

  test("publishes both keys, the new one first, and never a private key", async () => {
    const keysOf = async (stack: Stack) => (await stack.client().get("/.well-known/jwks.json")).json.keys;
    const [old, both, renewed] = [await keysOf(before), await keysOf(during), await keysOf(after)];
    expect(both).toEqual([...renewed, ...old]);
    expect(JSON.stringify(both)).not.toContain('"d"');
    const ada = await signUp(during);
    expect(decodeProtectedHeader(ada.token).kid).toBe(renewed[0].kid);
  });

  test("still rejects a password that equals the address or the name", async () => {
    const name = `Countess ${goodPassword()}`;
    const ada = await signUp(before, { name });
    const token = await resetTokenFrom(before, ada);
    expect((await reset(during, token, name)).code).toBe("invalid-request");
    expect((await reset(during, token, ada.email)).code).toBe("invalid-request");
    expect((await reset(during, token)).status).toBe(204);
  });

  test("does not affect addresses and passwords", async () => {
    const email = newEmail();
    const { password } = await signUp(before, { email });
    expect((await after.client().post("/api/auth/login", { email, password })).status).toBe(200);
  });
});

describe("a removed AUTH_SECRET", () => {
  test("invalidates its access tokens, cookies and links, and clears no cookie", async () => {
    const ada = await signUp(before);
    expect((await me(after, ada.token)).code).toBe("unauthenticated");
    const refreshed = await refreshWith(after.client(), cookieHeader(ada.client));
    expect(refreshed.code).toBe("session-ended");
    expect(refreshed.setCookies).toEqual([]);
    const verification = await verificationTokenFrom(before);
    expect((await verify(after, verification)).code).toBe("invalid-link");
    const token = await resetTokenFrom(before, ada);
    expect((await reset(after, token)).code).toBe("invalid-link");

    // Rejected, but not consumed.
    expect((await verify(before, verification)).status).toBe(200);
    expect((await reset(before, token)).status).toBe(204);
  });

  test("cannot be used to obtain a cookie of the new one", async () => {
    const ada = await signUp(before);
    const client = after.client();
    await refreshWith(client, cookieHeader(ada.client));
    expect(cookieValue(client)).toBe("");
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });
});
