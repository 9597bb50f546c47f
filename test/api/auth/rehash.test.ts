import { hash } from "@node-rs/argon2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needsRehash } from "../../../lib/auth/passwords.js";
import { goodPassword, type Person, signUp } from "../../stack/people.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { atOnce, userRow } from "./contention.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const storedHash = async (person: Person) => {
  const [row] = await stack.sql("select password_hash from users where id = $1", [person.id]);
  return String(row?.["password_hash"]);
};

/** A person whose password was hashed when the parameters were others. */
async function withOldHash(): Promise<Person> {
  const person = await signUp(stack);
  const oldHash = await hash(person.password, { memoryCost: 8192, timeCost: 3, parallelism: 1 });
  expect(needsRehash(oldHash)).toBe(true);
  await stack.sql("update users set password_hash = $2 where id = $1", [person.id, oldHash]);
  return person;
}

const login = ({ email, password }: Person) => stack.client().post("/api/auth/login", { email, password });

describe("POST /api/auth/login with a password that was hashed with other parameters", () => {
  test("stores it anew with today's, and it still works", async () => {
    const ada = await withOldHash();
    expect((await login(ada)).status).toBe(200);
    const renewed = await storedHash(ada);
    expect(needsRehash(renewed)).toBe(false);
    expect((await login(ada)).status).toBe(200);
    expect(await storedHash(ada)).toBe(renewed);
    expect((await login({ ...ada, password: goodPassword() })).code).toBe("invalid-credentials");
  });

  test("leaves the hash alone when the password is wrong", async () => {
    const ada = await withOldHash();
    const before = await storedHash(ada);
    expect((await login({ ...ada, password: goodPassword() })).status).toBe(401);
    expect(await storedHash(ada)).toBe(before);
  });

  test("ends no session of the user: the password is the same", async () => {
    const ada = await withOldHash();
    expect((await login(ada)).status).toBe(200);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).status).toBe(200);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });

  test.skipIf(!hasPostgres())("lets all in who log in at once", async () => {
    const ada = await withOldHash();
    const answers = await atOnce(stack, userRow(ada.email, 6), () =>
      Promise.all(Array.from({ length: 6 }, () => login(ada))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(needsRehash(await storedHash(ada))).toBe(false);
    expect((await login(ada)).status).toBe(200);
  });
});
