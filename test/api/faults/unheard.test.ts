import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problems } from "../../../lib/problem.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Call, callsOf, sendEach } from "./calls.js";
import { runsUnheard } from "./kinds.js";
import { outcomesOf } from "./outcomes.js";
import { allRows, comparable, countAdded, removeAll } from "./rows.js";

const { status } = problems["database-unavailable"];
/** Every statement but the first of the two of a login. */
const allButLookup = '^(?![\\s\\S]*"isBanned")';

/** What was done stays done: asked again, the same link and the same id lead nowhere. Everything else succeeds again. */
const whenDone: Record<string, string> = {
  verifyEmail: "invalid-link",
  resetPassword: "invalid-link",
  deleteTask: "not-found",
  deleteUser: "not-found",
};

/**
 * Of asking twice: a link and a mail for each request of one, and a session for each login. Who registers twice is
 * asked by mail to choose a password, and that stands in the account.
 */
const rowsOfAskingTwice = { users: 1, links: 3, outbox: 3, sessions: 1, security_events: 1 };
const rowsThatChange = { users: 1 };

describe("while the answers of the database are lost after the commit", () => {
  let stack: Stack;
  let once: Record<string, string[]>;
  beforeAll(async () => {
    stack = await startStack();
    const calls = await callsOf(stack);
    await sendEach(calls);
    once = comparable(await allRows(stack));
  });
  afterAll(() => stack.stop());

  test.each(runsUnheard)(
    "$title: every operation answers 503, keeps the cookie, is done as a whole, and is not done again",
    async ({ fault, logged }) => {
      await removeAll(stack);
      const calls = await callsOf(stack);
      await stack.neon.inject(stack.databaseName, { fault, match: allButLookup });
      const outcomes = await outcomesOf(calls, stack);
      await stack.neon.heal(stack.databaseName);
      const unavailable = { status, code: "database-unavailable" };
      const expected = ({ id, reads }: Call) => ({
        id,
        ...unavailable,
        mayRetry: true,
        setCookies: [],
        lines: [
          {
            msg: "request",
            level: "error",
            ...unavailable,
            db_calls: reads || id === "login" ? 2 : 1,
            fault: { ...logged, query: expect.any(String) },
          },
        ],
      });
      expect(outcomes).toEqual(calls.map(expected));
      expect(comparable(await allRows(stack))).toEqual(once);

      const again: Record<string, unknown> = {};
      for (const { id, send } of calls) {
        const answer = await send();
        again[id] = answer.code ?? answer.status;
      }
      expect(again).toEqual({
        ...Object.fromEntries(calls.map(({ id, success }) => [id, success])),
        ...whenDone,
      });
      const twice = comparable(await allRows(stack));
      expect(countAdded(twice, once)).toEqual(rowsThatChange);
      expect(countAdded(once, twice)).toEqual(rowsOfAskingTwice);
    },
  );

  test.each(runsUnheard)("$title: a login that does not hear of its account starts nothing", async (c) => {
    await removeAll(stack);
    const logins = (await callsOf(stack)).filter(({ id }) => id === "login");
    const before = comparable(await allRows(stack));
    await stack.neon.inject(stack.databaseName, { fault: c.fault });
    expect(await outcomesOf(logins, stack)).toMatchObject([{ code: "database-unavailable", setCookies: [] }]);
    await stack.neon.heal(stack.databaseName);
    expect(comparable(await allRows(stack))).toEqual(before);
    expect(await Promise.all(logins.map(({ send }) => send()))).toMatchObject([{ status: 200 }]);
  });
});
