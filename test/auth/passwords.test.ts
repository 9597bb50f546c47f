import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { deadlineMs } from "../../db/client.js";
import { argon2 } from "../../lib/auth/limits.js";
import { hashPassword, needsRehash, verifyPassword } from "../../lib/auth/passwords.js";
import { Problem } from "../../lib/problem.js";

const password = "correct horse battery staple";

/** All that decides how much work a hash is: its parameters, and the lengths of salt and tag. */
function shapeOf(phc: string) {
  const [, algorithm, version, parameters, salt = "", tag = ""] = phc.split("$");
  return { algorithm, version, parameters, salt: salt.length, tag: tag.length };
}

/** The module on the real argon2, which is watched. Imported anew: other files may have it already. */
async function watched() {
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
  test("makes an argon2id hash with the parameters of limits.ts and a salt of its own", async () => {
    const [one, other] = await Promise.all([hashPassword(password), hashPassword(password)]);
    expect(one).toMatch(
      new RegExp(`^\\$argon2id\\$v=19\\$m=${argon2.memoryKiB},t=${argon2.passes},p=${argon2.lanes}\\$`),
    );
    expect(one).not.toBe(other);
    expect(needsRehash(one)).toBe(false);
  });

  test("costs no less than OWASP's minimum for argon2id", () => {
    expect(argon2.memoryKiB).toBeGreaterThanOrEqual(19 * 1024);
    expect(argon2.passes).toBeGreaterThanOrEqual(2);
  });

  test("refuses what does not fit into its queue with 429, and does the rest", async () => {
    // However long the hashes take here, nobody has waited too long.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const room = argon2.parallelHashes + argon2.queuedHashes;
    const all = await Promise.allSettled(Array.from({ length: room + 3 }, () => hashPassword(password)));
    const refusals = all.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refusals).toHaveLength(3);
    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(Problem);
      const answer = (refusal as Problem).toResponse("id");
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(await verifyPassword(password, await hashPassword(password))).toBe(true);
  });

  test("refuses what has waited too long with 429, and does what has come since", async () => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
    const isDone = (results: PromiseSettledResult<string>[]) =>
      results.map(({ status }) => status === "fulfilled");
    const hashes = (count: number) =>
      Promise.allSettled(Array.from({ length: count }, () => hashPassword(password)));
    const early = hashes(argon2.parallelHashes + 1);
    // By then those for whom there is room have begun.
    await setImmediate();
    vi.advanceTimersByTime(argon2.queuedMs);
    const inTime = hashes(1);
    vi.advanceTimersByTime(1);
    const [first, second] = [await early, await inTime];
    expect(isDone(first)).toEqual([...Array(argon2.parallelHashes).fill(true), false]);
    expect(isDone(second)).toEqual([true]);
    const { reason } = first.at(-1) as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(Problem);
    expect((reason as Problem).toResponse("id").status).toBe(429);
  });
});

test("whoever has waited for a hash has time left for a trip to the database", () => {
  expect(argon2.queuedMs).toBeLessThan(deadlineMs);
});

describe("verifyPassword", () => {
  test("knows the password in every Unicode spelling, to the last character", async () => {
    const long = `${"k".repeat(100)}e\u0301 \ufb01n`;
    const hash = await hashPassword(long);
    expect(await verifyPassword(long, hash)).toBe(true);
    expect(await verifyPassword(long.normalize("NFC"), hash)).toBe(true);
    expect(await verifyPassword(`${"k".repeat(100)}\u00e9 fin`, hash)).toBe(true);
    expect(await verifyPassword(long.slice(0, -1), hash)).toBe(false);
    expect(await verifyPassword(`${long} `, hash)).toBe(false);
  });

  test("finds no password right where there is no account", async () => {
    for (const guess of ["", password, "\0", "A".repeat(128)]) {
      expect(await verifyPassword(guess, null)).toBe(false);
    }
  });

  // Work and not time is compared: on a shared machine the same work takes now this long, now twice as long.
  test("does the work of a verification where there is no account", async () => {
    const { hash, verify, passwords } = await watched();
    const stored = await hashPassword(password);
    await passwords.verifyPassword("wrong", stored);
    await passwords.verifyPassword("wrong", null);

    const { calls } = verify.mock;
    expect(calls.map(([, guess]) => guess)).toEqual(["wrong", "wrong"]);
    expect(hash).not.toHaveBeenCalled();
    const [ofAccount, ofNobody] = calls.map(([phc]) => shapeOf(String(phc)));
    expect(ofAccount).toEqual(shapeOf(stored));
    expect(ofNobody).toEqual(ofAccount);
    expect(verify.mock.settledResults).toEqual([
      { type: "fulfilled", value: false },
      { type: "fulfilled", value: false },
    ]);
  });
});

describe("needsRehash", () => {
  test("tells other parameters and other algorithms from today's", () => {
    const rest = `$${"A".repeat(22)}$${"A".repeat(43)}`;
    const { memoryKiB, passes, lanes } = argon2;
    const today = `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}${rest}`;
    expect(needsRehash(today)).toBe(false);
    for (const other of [
      today.replace("argon2id", "argon2i"),
      today.replace("v=19", "v=16"),
      today.replace(`m=${memoryKiB}`, `m=${memoryKiB * 2}`),
      today.replace(`t=${passes}`, `t=${passes + 1}`),
      today.replace(`p=${lanes}$`, `p=${lanes}0$`),
      "$2b$12$abcdefghijklmnopqrstuv",
    ]) {
      expect(needsRehash(other)).toBe(true);
    }
  });
});
