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
type Confirmation = { token: string; registration: string };
const verify = (stack: Stack, confirmation: Confirmation) =>
  stack.client().post("/api/auth/verify-email", confirmation);
const reset = (stack: Stack, token: string, password = goodPassword()) =>
  stack.client().post("/api/auth/reset-password", { token, password });

/** Signs up. @returns what the browser and the mailbox of that person hold */
async function confirmationFrom(stack: Stack): Promise<Confirmation> {
  const { email, registration } = await register(stack);
  return { token: await emailedToken(stack, email, subjects.verify), registration };
}

async function resetTokenFrom(stack: Stack, person: Pick<TestUser, "email">): Promise<string> {
  await stack.client().post("/api/auth/forgot-password", { email: person.email });
  return emailedToken(stack, person.email, subjects.reset);
}

describe("a new AUTH_SECRET in front of the old one", () => {
  // @proof rotation-keeps-old-credentials
  test("keeps access tokens, cookies, links and secrets of sign-ups valid", async () => {
    const ada = await signUp(before);
    expect((await me(during, ada.token)).status).toBe(200);
    expect((await refreshWith(during.client(), cookieHeader(ada.client))).status).toBe(200);
    expect((await verify(during, await confirmationFrom(before))).status).toBe(200);
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

  test("signs new tokens, cookies, links and secrets of sign-ups with the new secret", async () => {
    const ada = await signUp(during);
    expect((await me(after, ada.token)).status).toBe(200);
    expect((await me(before, ada.token)).code).toBe("unauthenticated");
    expect((await refreshWith(before.client(), cookieHeader(ada.client))).code).toBe("session-ended");
    expect((await refreshWith(after.client(), cookieHeader(ada.client))).status).toBe(200);
    const confirmation = await confirmationFrom(during);
    expect((await verify(before, confirmation)).code).toBe("invalid-link");
    expect((await verify(after, confirmation)).status).toBe(200);
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
    const confirmation = await confirmationFrom(before);
    expect((await verify(after, confirmation)).code).toBe("invalid-link");
    const token = await resetTokenFrom(before, ada);
    expect((await reset(after, token)).code).toBe("invalid-link");

    // Rejected, but not consumed.
    expect((await verify(before, confirmation)).status).toBe(200);
    expect((await reset(before, token)).status).toBe(204);
  });

  test("asks for a password when only the secret of the sign-up is void", async () => {
    const { registration } = await confirmationFrom(before);
    const { token } = await confirmationFrom(after);
    expect((await verify(after, { token, registration })).code).toBe("password-required");
  });

  test("cannot be used to obtain a cookie of the new one", async () => {
    const ada = await signUp(before);
    const client = after.client();
    await refreshWith(client, cookieHeader(ada.client));
    expect(cookieValue(client)).toBe("");
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });
});
