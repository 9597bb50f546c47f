import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const unique = () => randomBytes(4).toString("hex");

test("POST /api/auth/register accepts an address with signs, and its owner can confirm it", async () => {
  const email = `r&d/eu-${unique()}@example.com`;
  const person = await signUp(stack, { email });
  const me = await person.client.get("/api/auth/me", { token: person.token });
  expect(me.json.email).toBe(email);
});

test("POST /api/auth/login finds the account under the international domain and under its punycode", async () => {
  const local = `x-${unique()}`;
  const email = `${local}@xn--e1afmkfd.xn--p1ai`;
  const { password } = await signUp(stack, { email });
  for (const spelling of [email, `${local}@пример.рф`, `\u200b${local}@Пример.РФ\u200b`]) {
    const response = await stack.client().post("/api/auth/login", { email: spelling, password });
    expect(response.json, spelling).toMatchObject({ user: { email } });
  }
});

test("POST /api/auth/register stores and emails an international domain in punycode", async () => {
  const local = `x-${unique()}`;
  const account = { email: `${local}@пример.рф`, name: "Ada", password: `battery horse ${unique()}` };
  expect((await stack.client().post("/api/auth/register", account)).status).toBe(202);
  const { to } = await stack.mailbox.waitForMail(`${local}@xn--e1afmkfd.xn--p1ai`);
  expect(to).toBe(`${local}@xn--e1afmkfd.xn--p1ai`);
});

test("POST /api/auth/forgot-password names an invisible character inside an address", async () => {
  const response = await stack.client().post("/api/auth/forgot-password", { email: "a\u200bda@example.com" });
  expect(response.json.errors).toEqual([
    { pointer: "/email", message: "must not contain invisible characters" },
  ]);
});
