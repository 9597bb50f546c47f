import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emailKey } from "../../../lib/auth/email-key.js";
import { budgets } from "../../../lib/auth/limits.js";
import { throttleKey } from "../../../lib/auth/throttle.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { authEnv } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";

const guesses = 10_000;
const daySeconds = 24 * 3600;
/** The test itself takes time, during which the budget refills. */
const testSeconds = 60;
const { burst, refillSeconds } = budgets.signInByAccount;

let stack: Stack;
let ada: TestUser;
let key: string;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
  const [keys] = keyRing(authEnv(stack).AUTH_SECRET);
  key = throttleKey(keys, { budget: budgets.signInByAccount, subject: emailKey(ada.email) });
});
afterAll(() => stack.stop());

/** Spreads the guesses evenly over `seconds`, charges each the way sign-in does, and counts those within the budget. */
async function countChecked(seconds: number): Promise<number> {
  await stack.sql("delete from throttle");
  // Moving the row back simulates time. A transaction cannot prune its own row versions, so without the commits each
  // step would scan the versions of all earlier steps.
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

describe.skipIf(!hasPostgres())(`${guesses} guesses at one account, each from another IP address`, () => {
  // @proof daily-guess-limit
  test("POST /api/auth/login checks no more than the burst and one per refill within a day", async () => {
    const count = await countChecked(daySeconds);
    expect(count).toBeLessThanOrEqual(burst + daySeconds / refillSeconds + testSeconds / refillSeconds);
    expect(count, "the budget is not closed for good").toBeGreaterThan(daySeconds / refillSeconds - 1);
  });

  // @proof minute-guess-limit
  test("POST /api/auth/login checks the burst and one more within a minute, then rejects even the correct password", async () => {
    expect(await countChecked(refillSeconds)).toBeLessThanOrEqual(burst + 1 + testSeconds / refillSeconds);
    // The owner has to wait too, from any IP address: that is the price of a budget per account.
    expect((await login()).code).toBe("rate-limited");
    await stack.sql("update throttle set tat = tat - make_interval(secs => $1)", [refillSeconds]);
    expect((await login()).status).toBe(200);
  });
});
