import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, onTestFinished, test } from "vitest";
import { startBreachApi } from "../../dev/breach-api.js";
import { argon2 } from "../../lib/auth/limits.js";
import { prepareNewPassword } from "../../lib/auth/new-password.js";
import { verifyPassword } from "../../lib/auth/passwords.js";
import { readEnv } from "../../lib/env.js";

async function contextOf(block: string) {
  const api = await startBreachApi(["leaked already"]);
  onTestFinished(api.stop);
  const env = { ...readEnv([]), PASSWORD_BREACH_URL: api.origin };
  return { env, requestId: "a-request", block };
}

test("returns a hash of the password, and whether a breach has revealed it", async () => {
  const context = await contextOf("192.0.2.1");
  for (const [password, isBreached] of [
    ["leaked already", true],
    ["never leaked", false],
  ] as const) {
    const prepared = await prepareNewPassword(password, context);
    expect(prepared.isBreached).toBe(isBreached);
    expect(await verifyPassword(password, prepared.passwordHash)).toBe(true);
  }
});

// @proof breach-check-needs-place-in-queue
test("asks nothing for a caller that the queue of hashes refuses", async () => {
  const context = await contextOf("192.0.2.2");
  let calls = 0;
  const onCall = () => {
    calls += 1;
  };
  // Counted here and not at the API: on a busy machine, a call may time out before it arrives.
  subscribe("http.client.request.start", onCall);
  onTestFinished(() => void unsubscribe("http.client.request.start", onCall));
  const count = argon2.hashesPerCaller + 5;
  const results = await Promise.allSettled(
    Array.from({ length: count }, (_, i) => prepareNewPassword(`a password ${i}`, context)),
  );
  expect(results.filter(({ status }) => status === "rejected")).toHaveLength(5);
  expect(calls).toBe(argon2.hashesPerCaller);
});
