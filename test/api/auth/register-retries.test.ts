import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, emailedTokens, goodPassword, newEmail, signUp, subjects } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const newPerson = () => ({ email: newEmail(), name: "Ada Lovelace", password: goodPassword() });
type Person = ReturnType<typeof newPerson>;

const send = (person: Person, key = "a-key") =>
  stack.client().post("/api/auth/register", person, { headers: { "idempotency-key": key } });
const isReplayed = (response: Awaited<ReturnType<typeof send>>) =>
  response.headers.get("idempotent-replayed") === "true";

/** The sign-ups and emails of an address. */
async function rowsOf({ email }: Person) {
  await stack.waitUntilIdle();
  const [registrations, outbox, mails] = await Promise.all([
    stack.sql("select id, name, password_hash from registrations where email_key = lower($1)", [email]),
    stack.sql("select id from outbox where lower(recipient) = lower($1)", [email]),
    stack.mailbox.mails(email),
  ]);
  return { registrations, emails: outbox.map(({ id }) => id), arrived: mails.length };
}

describe("POST /api/auth/register with an Idempotency-Key", () => {
  test("returns the same secret to a retry, marked as a replay, and sends no second email", async () => {
    const person = newPerson();
    const first = await send(person);
    expect(isReplayed(first)).toBe(false);
    const before = await rowsOf(person);
    expect(before).toMatchObject({ registrations: { length: 1 }, emails: { length: 1 }, arrived: 1 });

    const again = await send(person);
    expect(isReplayed(again)).toBe(true);
    expect([again.status, again.json]).toEqual([first.status, first.json]);
    expect(await rowsOf(person)).toEqual(before);
  });

  test("returns a secret that confirms the address, even if only the retry was heard", async () => {
    const person = newPerson();
    await send(person);
    const { registration } = (await send(person)).json;
    const token = await emailedToken(stack, person.email, subjects.verify);
    const confirmed = await stack.client().post("/api/auth/verify-email", { token, registration });
    expect(confirmed.json.user).toMatchObject({ email: person.email });
    const { email, password } = person;
    expect((await stack.client().post("/api/auth/login", { email, password })).status).toBe(200);
    expect(isReplayed(await send(person))).toBe(true);
  });

  test.each<[string, (person: Person) => Person]>([
    ["another name", (person) => ({ ...person, name: "Mallory" })],
    ["another password", (person) => ({ ...person, password: goodPassword() })],
    ["another spelling of the address", (person) => ({ ...person, email: person.email.toUpperCase() })],
  ])("returns idempotency-key-reused for %s and changes nothing", async (_title, change) => {
    const person = newPerson();
    await send(person);
    const before = await rowsOf(person);
    const other = await send(change(person));
    expect([other.status, other.code]).toEqual([422, "idempotency-key-reused"]);
    expect(await rowsOf(person)).toEqual(before);
    expect(isReplayed(await send(person))).toBe(true);
  });

  test("counts the key for one address only, so that nobody can take another person's key", async () => {
    const [ada, grace] = [newPerson(), newPerson()];
    const [first, second] = [await send(ada), await send(grace)];
    expect([first, second].map(isReplayed)).toEqual([false, false]);
    expect(second.json.registration).not.toBe(first.json.registration);
    expect((await rowsOf(grace)).registrations).toHaveLength(1);
  });

  test("is another sign-up with another key, or without one", async () => {
    const person = newPerson();
    const responses = [
      await send(person, "first"),
      await send(person, "second"),
      await stack.client().post("/api/auth/register", person),
      await stack.client().post("/api/auth/register", person),
    ];
    expect(responses.filter(isReplayed)).toEqual([]);
    expect(new Set(responses.map(({ json }) => json.registration)).size).toBe(responses.length);
    expect(await rowsOf(person)).toMatchObject({ registrations: { length: 4 }, emails: { length: 4 } });
  });

  test("does the same for an address that has an account", async () => {
    const { email, password } = await signUp(stack);
    const person = { ...newPerson(), email };
    const first = await send(person);
    const before = await rowsOf(person);
    const again = await send(person);
    expect([first, again].map(isReplayed)).toEqual([false, true]);
    expect(again.json).toEqual(first.json);
    expect(await rowsOf(person)).toEqual(before);
    expect((await stack.client().post("/api/auth/login", { email, password })).status).toBe(200);
  });

  test("starts over when the earlier sign-up has expired", async () => {
    const person = newPerson();
    const first = await send(person);
    await emailedTokens(stack, person.email, subjects.verify, 1);
    await stack.sql("update registrations set expires_at = now() where email = $1", [person.email]);
    const again = await send(person);
    expect([first, again].map(isReplayed)).toEqual([false, false]);
    const [token] = await emailedTokens(stack, person.email, subjects.verify, 2);
    const { registration } = again.json;
    const confirmed = await stack.client().post("/api/auth/verify-email", { token, registration });
    expect(confirmed.status).toBe(200);
  });

  test.skipIf(!hasPostgres())("makes one sign-up and one email of concurrent requests", async () => {
    const person = newPerson();
    const { burst } = budgets.emailByMailbox;
    const responses = await Promise.all(Array.from({ length: burst }, () => send(person)));
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 202));
    expect(new Set(responses.map(({ json }) => json.registration)).size).toBe(1);
    expect(responses.filter(isReplayed)).toHaveLength(burst - 1);
    expect(await rowsOf(person)).toMatchObject({
      registrations: { length: 1 },
      emails: { length: 1 },
      arrived: 1,
    });
  });
});
