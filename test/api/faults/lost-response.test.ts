import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Operation, problemsOf } from "../../../lib/contract.js";
import { problems } from "../../../lib/problem.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Call, createCalls, expectSuccess } from "./calls.js";
import { accountLookup, faultsAfterCommit } from "./fault-cases.js";
import { observe } from "./observations.js";
import { type ComparableRows, comparable, countAdded, deleteRows, readRows } from "./rows.js";

const unavailable = { status: problems["database-unavailable"].status, code: "database-unavailable" };
/** Skips the checks of a batch as well: one matching statement is enough, and that of the lookup has the same checks. */
const allButAccountLookup = `^(?!\\s*select require_(?:session|budgets)|[\\s\\S]*${accountLookup})`;

/** Their first round trip reads the account. It gets its response. */
const verifying = ["login", "stepUp", "changePassword", "startPasswordReset"];

/** Deletions that leave a trace: an ended session, a task in the trash, or the tombstone of a label or project. */
const ending = ["deleteSession", "endUserSessions", "deleteTask", "deleteLabel", "deleteProject"];

/** A retry finds the resource deleted, or the session of a closed account ended. Any other retry succeeds again. */
function resultOfRetry(op: Operation, success: number): number | string {
  if (op.id === "closeAccount") return "session-ended";
  return op.method === "delete" && !ending.includes(op.id) && problemsOf(op).includes("not-found")
    ? "not-found"
    : success;
}

/** Rows that a retry adds or changes, by operation id. Any other retry leaves the database unchanged. */
const rowsOfRetry: Record<string, { added: Record<string, number>; removed: Record<string, number> }> = {
  verifyEmail: { added: { sessions: 1, security_events: 1 }, removed: {} },
  resendVerification: { added: { outbox: 1 }, removed: {} },
  forgotPassword: { added: { links: 1, outbox: 1 }, removed: {} },
  // The new request replaces the link of the first one.
  changeEmail: { added: { links: 1, outbox: 2, security_events: 1 }, removed: {} },
  login: { added: { sessions: 1, security_events: 1 }, removed: {} },
  stepUp: { added: { security_events: 1 }, removed: {} },
};

describe("when the response of the database is lost after the commit", () => {
  let stack: Stack;
  /** The rows after every call has succeeded once, without a fault. */
  let rowsOfOneRun: ComparableRows;
  const currentRows = async () => comparable(await readRows(stack));
  beforeAll(async () => {
    stack = await startStack();
    await expectSuccess(await createCalls(stack));
    rowsOfOneRun = await currentRows();
  });
  afterAll(() => stack.stop());

  test.each(faultsAfterCommit)(
    "$title: every operation returns 503, keeps the cookie, takes full effect once and is safe to retry",
    async ({ fault, logged }) => {
      await deleteRows(stack);
      const calls = await createCalls(stack);
      await stack.neon.inject(stack.databaseName, { fault, match: allButAccountLookup });
      const observations = await observe(calls, stack);
      await stack.neon.heal(stack.databaseName);
      const expected = ({ id, isRead }: Call) => ({
        id,
        ...unavailable,
        hasRetryAfter: true,
        setCookies: [],
        lines: [
          {
            msg: "request",
            level: "error",
            ...unavailable,
            db_calls: isRead || verifying.includes(id) ? 2 : 1,
            fault: { ...logged, query: expect.any(String) },
          },
        ],
      });
      expect(observations).toEqual(calls.map(expected));
      let before = await currentRows();
      expect(before).toEqual(rowsOfOneRun);

      for (const { id, op, success, send } of calls) {
        const response = await send();
        expect(response.code ?? response.status, id).toBe(resultOfRetry(op, success));
        const after = await currentRows();
        expect(
          { added: countAdded(before, after), removed: countAdded(after, before) },
          `Retrying ${id} changes rows. If it must, add them to rowsOfRetry in this file.`,
        ).toEqual(rowsOfRetry[id] ?? { added: {}, removed: {} });
        before = after;
      }
    },
  );

  test.each(faultsAfterCommit)(
    "$title: POST /api/auth/login that cannot read its account changes no row and succeeds later",
    async ({ fault }) => {
      await deleteRows(stack);
      const logins = (await createCalls(stack)).filter(({ id }) => id === "login");
      const before = await currentRows();
      await stack.neon.inject(stack.databaseName, { fault });
      expect(await observe(logins, stack)).toMatchObject([{ code: "database-unavailable", setCookies: [] }]);
      await stack.neon.heal(stack.databaseName);
      expect(await currentRows()).toEqual(before);
      expect(await Promise.all(logins.map(({ send }) => send()))).toMatchObject([{ status: 200 }]);
    },
  );
});
