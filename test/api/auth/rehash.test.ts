import { hash } from "@node-rs/argon2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needsRehash } from "../../../lib/auth/passwords.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signUp, type TestUser } from "../../stack/users.js";
import { raceOnRows, userRow } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const storedHash = async (person: TestUser) => {
  const [row] = await stack.sql("select password_hash from users where id = $1", [person.id]);
  return String(row?.["password_hash"]);
};

/** A person whose password was hashed with older parameters. */
async function personWithOldHash(): Promise<TestUser> {
  const person = await signUp(stack);
  const oldHash = await hash(person.password, { memoryCost: 8192, timeCost: 3, parallelism: 1 });
  expect(needsRehash(oldHash)).toBe(true);
  await stack.sql("update users set password_hash = $2 where id = $1", [person.id, oldHash]);
  return person;
}

const login = ({ email, password }: TestUser) => stack.client().post("/api/auth/login", { email, password });

describe("POST /api/auth/login with a hash of older parameters", () => {
  // @proof outdated-hash-upgraded
  test("rehashes the password with the current parameters, and it still works", async () => {
    const ada = await personWithOldHash();
    expect((await login(ada)).status).toBe(200);
    const renewed = await storedHash(ada);
    expect(needsRehash(renewed)).toBe(false);
    expect((await login(ada)).status).toBe(200);
    expect(await storedHash(ada)).toBe(renewed);
    expect((await login({ ...ada, password: goodPassword() })).code).toBe("invalid-credentials");
  });

  test("leaves the hash alone when the password is wrong", async () => {
    const ada = await personWithOldHash();
    const before = await storedHash(ada);
    expect((await login({ ...ada, password: goodPassword() })).status).toBe(401);
    expect(await storedHash(ada)).toBe(before);
  });

  test("keeps the sessions of the user, because the password is the same", async () => {
    const ada = await personWithOldHash();
    expect((await login(ada)).status).toBe(200);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).status).toBe(200);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });

  test.skipIf(!hasPostgres())("accepts concurrent sign-ins", async () => {
    const ada = await personWithOldHash();
    const responses = await raceOnRows(stack, userRow(ada.email, 4), () =>
      Promise.all(Array.from({ length: 4 }, () => login(ada))),
    );
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect(needsRehash(await storedHash(ada))).toBe(false);
    expect((await login(ada)).status).toBe(200);
  });
});
