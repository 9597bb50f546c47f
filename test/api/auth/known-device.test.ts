import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deviceCookie } from "../../../lib/auth/cookies.js";
import { issueDeviceToken } from "../../../lib/auth/device-token.js";
import { emailKey } from "../../../lib/auth/email-key.js";
import { budgets, deviceSeconds } from "../../../lib/auth/limits.js";
import { throttleKey } from "../../../lib/auth/throttle.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import type { Client } from "../../stack/client.js";
import { authEnv, seedNotice } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, signUp, subjects, type TestUser } from "../../stack/users.js";
import { disavow } from "./address-changes.js";
import { expectRateLimited, spendBudget } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const login = ({ email, password }: Pick<TestUser, "email" | "password">, client: Client) =>
  client.post("/api/auth/login", { email, password });

const guess = (email: string, client: Client) => login({ email, password: goodPassword() }, client);

async function times(count: number, attempt: () => Promise<{ code: unknown }>): Promise<void> {
  for (let i = 0; i < count; i += 1) await attempt();
}

/** Spends the account's budget, as strangers at many addresses do. */
async function spendAccountBudget(email: string): Promise<void> {
  await spendBudget(stack, { budget: budgets.signInByAccount, subject: emailKey(email) });
  expectRateLimited(await guess(email, stack.client()), budgets.signInByAccount);
}

const clearAccountBudget = (email: string) =>
  stack.sql("delete from throttle where key = $1", [
    throttleKey(keyRing(authEnv(stack).AUTH_SECRET)[0], {
      budget: budgets.signInByAccount,
      subject: emailKey(email),
    }),
  ]);

const deviceValue = (client: Client) => client.cookies.get(deviceCookie.name(authEnv(stack)));

/** A client with nothing but the device cookie of another one. */
function sameDevice(client: Client, value = deviceValue(client)): Client {
  const other = stack.client();
  other.cookies.set(deviceCookie.name(authEnv(stack)), String(value));
  return other;
}

describe("POST /api/auth/login from a known device", () => {
  // @proof known-device-cannot-be-locked-out
  test("succeeds after strangers have spent the account's budget", async () => {
    const ada = await signUp(stack);
    await spendAccountBudget(ada.email);
    expectRateLimited(await login(ada, stack.client()), budgets.signInByAccount);
    expect((await login(ada, sameDevice(ada.client))).status).toBe(200);
    // Confirming the address has made the device known, and so does each sign-in.
    expect(deviceValue(ada.client)).toBeDefined();
  });

  test("has a separate budget, which a success restores", async () => {
    const ada = await signUp(stack);
    const { burst } = budgets.signInByDevice;
    await times(burst - 1, () => guess(ada.email, sameDevice(ada.client)));
    expect((await login(ada, sameDevice(ada.client))).status).toBe(200);
    await times(burst, () => guess(ada.email, sameDevice(ada.client)));
    expectRateLimited(await login(ada, sameDevice(ada.client)), budgets.signInByDevice);
    expect((await login(ada, stack.client())).status).toBe(200);
  });

  // @proof device-cookie-bound-to-account
  test("gains nothing from the cookie of another account, or from a forged one", async () => {
    const [ada, mallory] = [await signUp(stack), await signUp(stack)];
    await spendAccountBudget(ada.email);
    const own = String(deviceValue(mallory.client));
    for (const value of [own, `${own.slice(0, -1)}A`, "AAAA", ""])
      expectRateLimited(await login(ada, sameDevice(ada.client, value)), budgets.signInByAccount);
  });

  test("keeps the same device through sign-ins and sign-outs", async () => {
    const ada = await signUp(stack);
    const before = deviceValue(ada.client);
    await ada.client.post("/api/auth/logout");
    expect(deviceValue(ada.client)).toBe(before);
    await login(ada, ada.client);
    expect(deviceValue(ada.client)).toBe(before);
  });

  test("sets a cookie that scripts cannot read and that lasts a year", async () => {
    const ada = await signUp(stack);
    const { setCookies } = await login(ada, stack.client());
    const line = setCookies.find((cookie) => cookie.startsWith(deviceCookie.name(authEnv(stack))));
    for (const part of ["HttpOnly", "SameSite=Strict", "Path=/", `Max-Age=${deviceSeconds}`])
      expect(line?.split("; ")).toContain(part);
    expect(line).not.toContain(encodeURIComponent(ada.email));
  });

  // @proof not-me-forgets-devices
  test("does not succeed after “This wasn't me”, until the browser signs in again", async () => {
    const ada = await signUp(stack);
    const before = sameDevice(ada.client);
    await disavow(stack, await seedNotice(stack, ada));
    const password = goodPassword();
    const token = await emailedToken(stack, ada.email, subjects.secured);
    await stack.client().post("/api/auth/reset-password", { token, password });
    await spendAccountBudget(ada.email);
    expectRateLimited(await login({ ...ada, password }, before), budgets.signInByAccount);

    await clearAccountBudget(ada.email);
    expect((await login({ ...ada, password }, before)).status).toBe(200);
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.newDevice });
    await spendAccountBudget(ada.email);
    expect((await login({ ...ada, password }, sameDevice(before))).status).toBe(200);
  });

  test("succeeds with a random id of an earlier release, until “This wasn't me”", async () => {
    const ada = await signUp(stack);
    const { AUTH_SECRET } = authEnv(stack);
    for (const start of ["00", "ff"]) {
      const id = Buffer.from(start.repeat(16), "hex");
      const old = sameDevice(ada.client, issueDeviceToken(keyRing(AUTH_SECRET), ada.email, id));
      await stack.sql("update users set devices_valid_from = null where id = $1", [ada.id]);
      await spendAccountBudget(ada.email);
      expect((await login(ada, old)).status).toBe(200);
      await stack.sql("update users set devices_valid_from = now() where id = $1", [ada.id]);
      expectRateLimited(
        await login(ada, sameDevice(ada.client, issueDeviceToken(keyRing(AUTH_SECRET), ada.email, id))),
        budgets.signInByAccount,
      );
    }
  });
});

// @proof reset-clears-guesses
test("POST /api/auth/reset-password gives the account its guesses back", async () => {
  const ada = await signUp(stack);
  const visitor = stack.client();
  await times(budgets.signInByAccountAndIp.burst, () => guess(ada.email, visitor));
  await spendAccountBudget(ada.email);
  await visitor.post("/api/auth/forgot-password", { email: ada.email });
  const token = await emailedToken(stack, ada.email, subjects.reset);
  const password = goodPassword();
  expect((await visitor.post("/api/auth/reset-password", { token, password })).status).toBe(204);
  expect((await login({ email: ada.email, password }, visitor)).status).toBe(200);
  expect((await login({ email: ada.email, password }, stack.client())).status).toBe(200);
});
