import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commonPasswords } from "../../../lib/auth/common-passwords.js";
import { passwordLength } from "../../../lib/auth/limits.js";
import { goodPassword, mailedToken, newEmail, register, signUp, subjects } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const { min, max } = passwordLength;
const accented = "e\u0301";
const fullWidth = (ascii: string) =>
  ascii.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
const [common = ""] = [...commonPasswords].filter((password) => /^[a-z]+$/.test(password));
const name = "Augusta Ada King";

const refused = (email: string, name: string): [string, string][] => [
  [`${min - 1} characters`, "k".repeat(min - 1)],
  [`${min - 1} characters that are typed as two each`, accented.repeat(min - 1)],
  [`${max + 1} characters`, "k".repeat(max + 1)],
  [`${max + 1} characters outside the basic plane`, "\u{1f511}".repeat(max + 1)],
  ["characters that NFKC makes too many", "\ufdfa".repeat(8)],
  ["a common password", common],
  ["a common password in capitals", common.toUpperCase()],
  ["a common password in full-width letters", fullWidth(common)],
  ["a common password between spaces", ` ${common}  `],
  ["the name of this service", "latchkey"],
  ["the name of this service with digits and signs", "Latchkey-2026!"],
  ["the name of this service twice", "latchkey latchkey"],
  ["the address", email],
  ["the address in another case", email.toUpperCase()],
  ["the address in full-width letters", fullWidth(email)],
  ["the name", name],
  ["the name in another case and between spaces", ` ${name.toLowerCase()} `],
  ["NUL", `${goodPassword()}\0`],
  ["half a surrogate pair", `${goodPassword()}\ud800`],
];

const accepted: [string, string][] = [
  [`${min} characters`, "kT%2 9wZ".padEnd(min, "q").slice(0, min)],
  [`${max} characters`, "kT%2 9wZ".repeat(max / 8)],
  [`${max} characters that are typed as two each`, accented.repeat(max)],
  [`${max} characters outside the basic plane`, "\u{1f511}".repeat(max)],
  ["spaces, which are characters as any other", `  ${goodPassword()}  `],
  ["one kind of character only", "zqvjxkwpzqvjxkwp"],
];

describe("a new password, POST /api/auth/register", () => {
  const email = newEmail();
  test.each(refused(email, name))("may not be %s", async (_what, password) => {
    const answer = await stack.client().post("/api/auth/register", { email, name, password });
    expect(answer.code).toBe("invalid-request");
    expect(answer.json.errors).toMatchObject([{ pointer: "/password" }]);
  });

  test.each(accepted)("may be %s, and logs in as it was typed", async (_what, password) => {
    const person = await signUp(stack, { password });
    const cut = { email: person.email, password: [...password].slice(0, -1).join("") };
    expect((await stack.client().post("/api/auth/login", cut)).code).toBe("invalid-credentials");
  });

  test("is the same password in every Unicode spelling", async () => {
    const person = await signUp(stack, { password: `caf${accented} ﬁne ${goodPassword()}` });
    const composed = { email: person.email, password: person.password.normalize("NFKC") };
    expect(composed.password).not.toBe(person.password);
    expect((await stack.client().post("/api/auth/login", composed)).status).toBe(200);
    const other = { ...composed, password: composed.password.toUpperCase() };
    expect((await stack.client().post("/api/auth/login", other)).code).toBe("invalid-credentials");
  });
});

describe("a new password, POST /api/auth/reset-password", () => {
  test("meets the same policy, and a refusal does not use the link up", async () => {
    const person = await register(stack, { name });
    await person.client.post("/api/auth/forgot-password", { email: person.email });
    const token = await mailedToken(stack, person.email, subjects.reset);
    for (const [, password] of refused(person.email, name)) {
      const answer = await stack.client().post("/api/auth/reset-password", { token, password });
      expect(answer.code).toBe("invalid-request");
      expect(answer.json.errors).toMatchObject([{ pointer: "/password" }]);
    }
    const password = goodPassword();
    const set = await stack.client().post("/api/auth/reset-password", { token, password });
    expect(set.status).toBe(204);
  });
});
