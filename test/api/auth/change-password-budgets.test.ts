import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emailKey } from "../../../lib/auth/email-key.js";
import { budgets } from "../../../lib/auth/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signIn, signUp, type TestUser } from "../../stack/users.js";
import { changePassword } from "./password-changes.js";
import { advanceBudgets, expectRateLimited, inBatches, spendBudget } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const ofSession = budgets.guessesBySession;
const guess = (person: TestUser) => changePassword({ ...person, password: goodPassword() });
/** A guess of a thief with the access token, from another address. */
const guessElsewhere = (person: TestUser) => guess({ ...person, client: stack.client() });

describe("POST /api/auth/change-password, budgets", () => {
  // @proof change-guesses-limited
  test("checks no more than the burst of one session, from any address, then refuses even the correct password", async () => {
    const ada = await seedUser(stack);
    const responses = await inBatches(2 * ofSession.burst, () => guessElsewhere(ada));
    const checked = responses.filter(({ code }) => code === "wrong-password");
    expect(checked.length).toBeGreaterThanOrEqual(ofSession.burst);
    expect(checked.length).toBeLessThanOrEqual(ofSession.burst + 1);
    const wait = expectRateLimited(await changePassword(ada), ofSession);
    await advanceBudgets(stack, wait);
    expect((await changePassword(ada)).status).toBe(200);
  });

  test("leaves signing in and the other sessions of the user alone", async () => {
    const ada = await seedUser(stack);
    await spendBudget(stack, { budget: ofSession, subject: ada.sessionId });
    expectRateLimited(await guess(ada), ofSession);
    const phone = await signIn({ ...ada, client: stack.client() });
    expect((await changePassword(phone)).status).toBe(200);
  });

  test("checks no more than one burst over all sessions of a user", async () => {
    const ada = await seedUser(stack);
    await spendBudget(stack, { budget: budgets.guessesByUser, subject: ada.id });
    expectRateLimited(await changePassword(ada), budgets.guessesByUser);
  });

  test("gives the charge back after a success, and refills the budget of the session", async () => {
    const ada = await seedUser(stack);
    await inBatches(ofSession.burst - 1, () => guess(ada));
    await spendBudget(stack, { budget: budgets.guessesByUser, subject: ada.id }, 1);
    const password = goodPassword();
    expect((await changePassword(ada, password)).status).toBe(200);
    expect((await changePassword({ ...ada, password })).status).toBe(200);
  });

  // @proof change-clears-guesses
  test("gives the account the guesses back that strangers spent on the old password", async () => {
    const ada = await signUp(stack);
    await spendBudget(stack, { budget: budgets.signInByAccount, subject: emailKey(ada.email) });
    const phone = { ...ada, client: stack.client() };
    const login = (password: string) => phone.client.post("/api/auth/login", { email: ada.email, password });
    expectRateLimited(await login(ada.password), budgets.signInByAccount);
    const password = goodPassword();
    await guess(ada);
    expectRateLimited(await login(ada.password), budgets.signInByAccount);
    expect((await changePassword(ada, password)).status).toBe(200);
    expect((await login(password)).status).toBe(200);
  });
});
