import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { deadlineMs } from "../../db/client.js";
import { argon2 } from "../../lib/auth/limits.js";
import { hashPassword, needsRehash, verifyPassword } from "../../lib/auth/passwords.js";
import { Problem } from "../../lib/problem.js";

const password = "correct horse battery staple";

/** Everything that decides how much work a hash costs: parameters, and the lengths of salt and tag. */
function costOf(phc: string) {
  const [, algorithm, version, parameters, salt = "", tag = ""] = phc.split("$");
  return { algorithm, version, parameters, salt: salt.length, tag: tag.length };
}

/** Loads the module with a spy around the real argon2. Resets modules: another test file may have loaded it. */
async function importWithSpies() {
  onTestFinished(() => {
    vi.doUnmock("@node-rs/argon2");
    vi.resetModules();
  });
  vi.resetModules();
  vi.doMock("@node-rs/argon2", { spy: true });
  const { hash, verify } = await import("@node-rs/argon2");
  return { hash, verify: vi.mocked(verify), passwords: await import("../../lib/auth/passwords.js") };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("hashPassword", () => {
  // @proof argon2id-parameters-and-salt
  test("returns an argon2id hash with the parameters of limits.ts and a fresh salt", async () => {
    const [one, other] = await Promise.all([hashPassword(password), hashPassword(password)]);
    expect(one).toMatch(
      new RegExp(`^\\$argon2id\\$v=19\\$m=${argon2.memoryKiB},t=${argon2.passes},p=${argon2.lanes}\\$`),
    );
    expect(one).not.toBe(other);
    expect(needsRehash(one)).toBe(false);
  });

  // @proof argon2id-owasp-minimum
  test("uses at least OWASP's minimum parameters for argon2id", () => {
    expect(argon2.memoryKiB).toBeGreaterThanOrEqual(19 * 1024);
    expect(argon2.passes).toBeGreaterThanOrEqual(2);
  });

  // @proof password-hash-queue-limit
  test("rejects hashes beyond the queue limit with 429 and completes the others", async () => {
    // Frozen timers: slow hashes on a busy machine must not also hit the waiting limit.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const room = argon2.concurrentHashes + argon2.queuedHashes;
    const all = await Promise.allSettled(Array.from({ length: room + 3 }, () => hashPassword(password)));
    const refusals = all.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refusals).toHaveLength(3);
    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(Problem);
      const response = (refusal as Problem).toResponse("id");
      expect(response.status).toBe(429);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(await verifyPassword(password, await hashPassword(password))).toBe(true);
  });

  test("rejects a hash that waited too long with 429 and completes later ones", async () => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
    const areFulfilled = (results: PromiseSettledResult<string>[]) =>
      results.map(({ status }) => status === "fulfilled");
    const hashes = (count: number) =>
      Promise.allSettled(Array.from({ length: count }, () => hashPassword(password)));
    const early = hashes(argon2.concurrentHashes + 1);
    // After one turn of the event loop, the hashes with a free slot have started.
    await setImmediate();
    vi.advanceTimersByTime(argon2.maxQueuedMs);
    const inTime = hashes(1);
    vi.advanceTimersByTime(1);
    const [first, second] = [await early, await inTime];
    expect(areFulfilled(first)).toEqual([...Array(argon2.concurrentHashes).fill(true), false]);
    expect(areFulfilled(second)).toEqual([true]);
    const { reason } = first.at(-1) as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(Problem);
    expect((reason as Problem).toResponse("id").status).toBe(429);
  });
});

test("the longest wait for a hash leaves time for a database round trip", () => {
  expect(argon2.maxQueuedMs).toBeLessThan(deadlineMs);
});

describe("verifyPassword", () => {
  // @proof password-compared-in-full
  test("accepts every Unicode spelling of the password and compares it to the last character", async () => {
    const long = `${"k".repeat(100)}e\u0301 \ufb01n`;
    const hash = await hashPassword(long);
    expect(await verifyPassword(long, hash)).toBe(true);
    expect(await verifyPassword(long.normalize("NFC"), hash)).toBe(true);
    expect(await verifyPassword(`${"k".repeat(100)}\u00e9 fin`, hash)).toBe(true);
    expect(await verifyPassword(long.slice(0, -1), hash)).toBe(false);
    expect(await verifyPassword(`${long} `, hash)).toBe(false);
  });

  test("rejects every password when the account does not exist", async () => {
    for (const guess of ["", password, "\0", "A".repeat(128)]) {
      expect(await verifyPassword(guess, null)).toBe(false);
    }
  });

  // Compares work instead of time: on a shared machine, timings of the same work vary by a factor of two.
  // @proof unknown-account-costs-verification
  test("does the work of one verification when the account does not exist", async () => {
    const { hash, verify, passwords } = await importWithSpies();
    const stored = await hashPassword(password);
    await passwords.verifyPassword("wrong", stored);
    await passwords.verifyPassword("wrong", null);

    const { calls } = verify.mock;
    expect(calls.map(([, guess]) => guess)).toEqual(["wrong", "wrong"]);
    expect(hash).not.toHaveBeenCalled();
    const [knownAccount, unknownAccount] = calls.map(([phc]) => costOf(String(phc)));
    expect(knownAccount).toEqual(costOf(stored));
    expect(unknownAccount).toEqual(knownAccount);
    expect(verify.mock.settledResults).toEqual([
      { type: "fulfilled", value: false },
      { type: "fulfilled", value: false },
    ]);
  });
});

describe("needsRehash", () => {
  test("is true for other parameters and other algorithms than the current ones", () => {
    const rest = `$${"A".repeat(22)}$${"A".repeat(43)}`;
    const { memoryKiB, passes, lanes } = argon2;
    const current = `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}${rest}`;
    expect(needsRehash(current)).toBe(false);
    for (const other of [
      current.replace("argon2id", "argon2i"),
      current.replace("v=19", "v=16"),
      current.replace(`m=${memoryKiB}`, `m=${memoryKiB * 2}`),
      current.replace(`t=${passes}`, `t=${passes + 1}`),
      current.replace(`p=${lanes}$`, `p=${lanes}0$`),
      "$2b$12$abcdefghijklmnopqrstuv",
    ]) {
      expect(needsRehash(other)).toBe(true);
    }
  });
});
