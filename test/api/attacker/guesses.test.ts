import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emailKey } from "../../../lib/auth/email-key.js";
import { accessTokenSeconds, type Budget, budgets } from "../../../lib/auth/limits.js";
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

type Guessing = { budget: Budget; key: string };
const keyOf = (budget: Budget, subject: string): Guessing => ({
  budget,
  key: throttleKey(keyRing(authEnv(stack).AUTH_SECRET)[0], { budget, subject }),
});
const atSignIn = () => keyOf(budgets.signInByAccount, emailKey(ada.email));
const withToken = () => keyOf(budgets.guessesBySession, String(decodeJwt(ada.token)["sid"]));

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

/** Spreads the guesses evenly over `seconds`, charges each the way the API does, and counts those within the budget. */
async function countChecked(seconds: number, { key, budget }: Guessing): Promise<number> {
  await stack.sql("delete from throttle");
  // Moving the row back simulates time. A transaction cannot prune its own row versions, so without the commits each
  // step would scan the versions of all earlier steps.
  await stack.sql(`do $$
    declare had_room int := 0; waited int;
    begin
      for i in 1 .. ${guesses} loop
        select wait into waited from throttle_charge('{${key}}', '{${budget.refillSeconds}}', '{${budget.burst}}');
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
    const count = await countChecked(daySeconds, atSignIn());
    expect(count).toBeLessThanOrEqual(burst + daySeconds / refillSeconds + testSeconds / refillSeconds);
    expect(count, "the budget is not closed for good").toBeGreaterThan(daySeconds / refillSeconds - 1);
  });

  // @proof minute-guess-limit
  test("POST /api/auth/login checks the burst and one more within a minute, then rejects even the correct password", async () => {
    expect(await countChecked(refillSeconds, atSignIn())).toBeLessThanOrEqual(
      burst + 1 + testSeconds / refillSeconds,
    );
    // The owner has to wait too, from any IP address: that is the price of a budget per account.
    expect((await login()).code).toBe("rate-limited");
    await stack.sql("update throttle set tat = tat - make_interval(secs => $1)", [refillSeconds]);
    expect((await login()).status).toBe(200);
  });
});

describe.skipIf(!hasPostgres())(`${guesses} guesses with one stolen access token`, () => {
  // @proof token-guess-limit
  test("POST /api/auth/step-up checks no more than a burst of them while the token lives, whatever IP addresses they come from", async () => {
    const { budget, ...rest } = withToken();
    const count = await countChecked(accessTokenSeconds, { budget, ...rest });
    const refills = (accessTokenSeconds + testSeconds) / budget.refillSeconds;
    expect(count).toBeLessThanOrEqual(budget.burst + refills);
    const guess = () =>
      stack.client().post("/api/auth/step-up", { password: "a guess" }, { token: ada.token });
    expect((await guess()).code).toBe("rate-limited");
  });
});
