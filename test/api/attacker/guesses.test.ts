import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyRing } from "../../../lib/auth/keys.js";
import { budgets } from "../../../lib/auth/limits.js";
import { emailKey } from "../../../lib/auth/queries/accounts.js";
import { throttleKey } from "../../../lib/auth/throttle.js";
import { type Person, signUp } from "../../stack/people.js";
import { identityOf } from "../../stack/planted.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";

const guesses = 10_000;
const day = 24 * 3600;
/** Real time passes too, while the test runs. */
const secondsOfTheTest = 60;
const { burst, refillSeconds } = budgets.loginByAccount;

let stack: Stack;
let ada: Person;
let key: string;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
  const [keys] = keyRing(identityOf(stack).AUTH_SECRET);
  key = throttleKey(keys, { budget: budgets.loginByAccount, subject: emailKey(ada.email) });
});
afterAll(() => stack.stop());

/** Spreads the guesses evenly over the time, charges each as a login does, and counts those that had room. */
async function lookedAt(seconds: number): Promise<number> {
  await stack.sql("delete from throttle");
  // What passes is taken off the row. A transaction cannot tidy up after itself: without the commits each step would
  // walk past all row versions of the steps before.
  await stack.sql(`do $$
    declare had_room int := 0; waited int;
    begin
      for i in 1 .. ${guesses} loop
        select wait into waited from throttle_charge('{${key}}', '{${refillSeconds}}', '{${burst}}');
        had_room := had_room + (waited = 0)::int;
        update throttle set tat = tat - make_interval(secs => ${seconds / guesses}) where key = '${key}';
        if i % 50 = 0 then commit; end if;
      end loop;
      insert into throttle (key, tat, allowed) values ('had room', to_timestamp(had_room), true);
    end $$`);
  const [row] = await stack.sql(
    "select extract(epoch from tat)::int as count from throttle where key = 'had room'",
  );
  return Number(row?.["count"]);
}

const login = () => stack.client().post("/api/auth/login", { email: ada.email, password: ada.password });

describe.skipIf(!hasPostgres())(`of ${guesses} guesses at one account, each from another address`, () => {
  test("within a day, no more are looked at than the burst and one for every refill", async () => {
    const count = await lookedAt(day);
    expect(count).toBeLessThanOrEqual(burst + day / refillSeconds + secondsOfTheTest / refillSeconds);
    expect(count, "the budget is not closed for good").toBeGreaterThan(day / refillSeconds - 1);
  });

  test("within a minute, as many as the burst and one; then the right password is refused too", async () => {
    expect(await lookedAt(refillSeconds)).toBeLessThanOrEqual(burst + 1 + secondsOfTheTest / refillSeconds);
    // The owner waits as well, wherever they are: a price of the budget by account.
    expect((await login()).code).toBe("rate-limited");
    await stack.sql("update throttle set tat = tat - make_interval(secs => $1)", [refillSeconds]);
    expect((await login()).status).toBe(200);
  });
});
