import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reservedAddressSeconds } from "../../../lib/auth/limits.js";
import { seedNotice, seedPreviousAddress, seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, register, subjects } from "../../stack/users.js";
import { addressOf, confirmChange, disavow, requestChange } from "./address-changes.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** An account that has changed its address. */
async function movedUser() {
  const ada = await seedUser(stack);
  return { ...ada, previous: ada.email, current: await seedPreviousAddress(stack, ada.id, ada.email) };
}

const age = ({ id }: { id: string }, seconds: number) =>
  stack.sql("update email_changes set changed_at = now() - make_interval(secs => $2) where user_id = $1", [
    id,
    seconds,
  ]);

const verify = ({ token, registration }: { token: string; registration: string }) =>
  stack.client().post("/api/auth/verify-email", { token, registration });

describe("the previous address of an account", () => {
  // @proof previous-address-reserved
  test("gets no link for a sign-up or for another account, but a notice", async () => {
    const ada = await movedUser();
    await register(stack, { email: ada.previous });
    await stack.mailbox.waitForMail(ada.previous, { subject: subjects.alreadyRegistered });
    const grace = await seedUser(stack);
    expect((await requestChange(grace, ada.previous)).status).toBe(202);
    await stack.waitUntilIdle();
    const kinds = (await stack.mailbox.mails(ada.previous)).map(({ subject }) => subject);
    expect(kinds).toEqual([subjects.alreadyRegistered, subjects.alreadyRegistered]);
    expect(await stack.mailbox.mails(ada.current)).toEqual([]);
  });

  test("gets no link that resets the password or confirms a waiting sign-up", async () => {
    const ada = await movedUser();
    await seedRegistration(stack, { email: ada.previous });
    await stack.client().post("/api/auth/forgot-password", { email: ada.previous });
    await stack.waitUntilIdle();
    expect(await stack.mailbox.mails(ada.previous)).toEqual([]);
  });

  // @proof previous-address-not-taken
  test("cannot be taken with a link from before the change", async () => {
    const ada = await movedUser();
    const grace = await seedUser(stack);
    const registration = await seedRegistration(stack, { email: ada.previous });
    await age(ada, reservedAddressSeconds);
    await requestChange(grace, ada.previous);
    const token = await emailedToken(stack, ada.previous, subjects.confirmNew);
    await age(ada, 0);
    expect((await confirmChange(stack, token)).code).toBe("invalid-link");
    expect((await verify(registration)).code).toBe("invalid-link");
    await disavow(stack, await seedNotice(stack, ada));
    expect(await addressOf(stack, ada)).toBe(ada.previous);
  });

  test("does not sign in to the account with the link of its sign-up", async () => {
    const ada = await seedUser(stack);
    const registration = await seedRegistration(stack, { email: ada.email });
    await stack.sql("update registrations set user_id = $2 where id = $1", [registration.id, ada.id]);
    expect((await verify(registration)).status).toBe(200);
    await seedPreviousAddress(stack, ada.id, ada.email);
    expect((await verify(registration)).code).toBe("invalid-link");
  });

  test("is free for everyone once it can no longer be restored", async () => {
    const ada = await movedUser();
    await age(ada, reservedAddressSeconds);
    const grace = await seedUser(stack);
    await requestChange(grace, ada.previous);
    const token = await emailedToken(stack, ada.previous, subjects.confirmNew);
    expect((await confirmChange(stack, token)).status).toBe(200);
    await disavow(stack, await seedNotice(stack, ada));
    expect(await addressOf(stack, ada)).toBe(ada.current);
  });

  test("can become the address of its account again", async () => {
    const ada = await movedUser();
    await requestChange(ada, ada.previous);
    const token = await emailedToken(stack, ada.previous, subjects.confirmNew);
    expect((await confirmChange(stack, token)).status).toBe(200);
    expect(await addressOf(stack, ada)).toBe(ada.previous);
  });

  test("is reserved after each of several changes", async () => {
    const ada = await movedUser();
    await seedPreviousAddress(stack, ada.id, ada.current);
    for (const email of [ada.previous, ada.current]) {
      await register(stack, { email });
      await stack.mailbox.waitForMail(email, { subject: subjects.alreadyRegistered });
    }
  });
});
