import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { outboxLimits } from "../../../lib/mail/limits.js";
import type { Attempt, LeasedMail } from "../../../lib/mail/queries.js";
import { settlingTogether } from "../../../lib/mail/settle-together.js";

const attempt = (): Attempt => ({ id: randomUUID(), outcome: "sent", error: null, retrySeconds: 0 });
const mail = (): LeasedMail => ({
  id: randomUUID(),
  kind: "already-registered",
  recipient: "ada@example.com",
  linkId: null,
  attempts: 1,
  isDead: false,
});

/** A database with so many due mails that answers each statement when it is told. */
function heldDatabase(dueCount = 0) {
  const due = Array.from({ length: dueCount }, mail);
  const statements: { attempts: readonly Attempt[]; limit: number; answer(): void; fail(): void }[] = [];
  const settle = settlingTogether(
    (attempts, limit) =>
      new Promise((resolve, reject) => {
        statements.push({
          attempts: [...attempts],
          limit,
          answer: () => resolve(due.splice(0, limit)),
          fail: () => reject(new Error("down")),
        });
      }),
  );
  return { settle, statements };
}

const aMoment = () => sleep(5);

describe("what runs of one instance write down", () => {
  test("is written at once when nothing is under way, one after the other", async () => {
    const { settle, statements } = heldDatabase();
    for (const one of [attempt(), attempt()]) {
      const settled = settle([one], 5);
      await aMoment();
      expect(statements.at(-1)).toMatchObject({ attempts: [one], limit: 5 });
      statements.at(-1)?.answer();
      expect(await settled).toEqual([]);
    }
    expect(statements).toHaveLength(2);
  });

  test("shares the next statement when it ends during one, each attempt once", async () => {
    const { settle, statements } = heldDatabase();
    const attempts = Array.from({ length: 50 }, attempt);
    const settled = attempts.map(async (one, i) => {
      await sleep(i % 5);
      return settle([one], 5);
    });
    await sleep(20);
    expect(statements).toHaveLength(1);
    statements[0]?.answer();
    await aMoment();
    expect(statements).toHaveLength(2);
    statements[1]?.answer();
    await Promise.all(settled);
    expect(statements).toHaveLength(2);
    const written = statements.flatMap((statement) => statement.attempts.map(({ id }) => id));
    expect(written.sort()).toEqual(attempts.map(({ id }) => id).sort());
  });

  test("brings each run as many of the due mails as it asked for, and no mail two", async () => {
    const { settle, statements } = heldDatabase(7);
    const first = settle([], 0);
    await aMoment();
    const runs = [5, 0, 5].map((limit) => settle([attempt()], limit));
    statements[0]?.answer();
    await aMoment();
    expect(statements[1]?.limit).toBe(10);
    statements[1]?.answer();
    expect(await first).toEqual([]);
    const due = await Promise.all(runs);
    expect(due.map((mails) => mails.length)).toEqual([5, 0, 2]);
    expect(new Set(due.flat().map(({ id }) => id)).size).toBe(7);
  });

  test("fails for all of a group, and for nobody after it", async () => {
    const { settle, statements } = heldDatabase();
    const first = settle([attempt()], 0);
    await aMoment();
    const group = [attempt(), attempt()].map((one) => settle([one], 0));
    statements[0]?.fail();
    await expect(first).rejects.toThrow("down");
    await aMoment();
    statements[1]?.fail();
    for (const run of group) await expect(run).rejects.toThrow("down");
    const next = settle([attempt()], 0);
    await aMoment();
    statements[2]?.answer();
    expect(await next).toEqual([]);
  });

  test("does not wait for ever for a statement that hangs", async () => {
    const { settle, statements } = heldDatabase();
    const hanging = settle([attempt()], 0);
    await aMoment();
    const next = settle([attempt()], 0);
    await sleep(outboxLimits.gatherMs + 100);
    expect(statements).toHaveLength(2);
    statements[1]?.answer();
    expect(await next).toEqual([]);
    statements[0]?.answer();
    await hanging;
  });
});
