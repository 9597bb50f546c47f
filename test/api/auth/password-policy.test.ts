import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commonPasswords } from "../../../lib/auth/common-passwords.js";
import { passwordLength } from "../../../lib/auth/limits.js";
import { seedResetLink } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, register, signUp, subjects } from "../../stack/users.js";
import { changePassword } from "./password-changes.js";

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

const rejectedPasswords = (email: string, name: string): [string, string][] => [
  [`${min - 1} characters`, "k".repeat(min - 1)],
  [`${min - 1} characters of two code points each`, accented.repeat(min - 1)],
  [`${max + 1} characters`, "k".repeat(max + 1)],
  [`${max + 1} characters outside the basic plane`, "\u{1f511}".repeat(max + 1)],
  ["characters that NFKC expands beyond the limit", "\ufdfa".repeat(8)],
  ["a common password", common],
  ["a common password in capitals", common.toUpperCase()],
  ["a common password in full-width letters", fullWidth(common)],
  ["a common password between spaces", ` ${common}  `],
  ["a common password with a digit and a sign at its end", "Password1!"],
  ["a common password in capitals with signs at its end", "QWERTY123!!"],
  ["a common password with many digits and signs at its end", `${common}-2026 #1!`],
  ["a common word made longer with digits and signs", "Dragon2026!"],
  ["a common word made longer with emoji", "dragon\u{1f409}\u{1f409}\u{1f409}"],
  ["the service name", "latchkey"],
  ["the service name with digits and punctuation", "Latchkey-2026!"],
  ["the service name twice", "latchkey latchkey"],
  ["the address", email],
  ["the address in another case", email.toUpperCase()],
  ["the address in full-width letters", fullWidth(email)],
  ["the address with digits at its end", `${email}2026`],
  ["the local part of the address", email.split("@")[0] ?? ""],
  ["the local part in capitals, with digits and signs", `${email.split("@")[0]?.toUpperCase()}2026!?`],
  ["the name", name],
  ["the name with digits and signs at its end", `${name}, 1815!`],
  ["the name in another case and between spaces", ` ${name.toLowerCase()} `],
  ["a NUL character", `${goodPassword()}\0`],
  ["a lone surrogate", `${goodPassword()}\ud800`],
];

const acceptedPasswords: [string, string][] = [
  [`${min} characters`, "kT%2 9wZ".padEnd(min, "q").slice(0, min)],
  [`${max} characters`, "kT%2 9wZ".repeat(max / 8)],
  [`${max} characters of two code points each`, accented.repeat(max)],
  [`${max} characters outside the basic plane`, "\u{1f511}".repeat(max)],
  ["leading and trailing spaces", `  ${goodPassword()}  `],
  ["lowercase letters only", "zqvjxkwpzqvjxkwp"],
  ["a passphrase with a digit at its end", "correct horse battery staple 1"],
  ["a passphrase of common words", "dragon monkey sunshine"],
  ["a common word with digits before it", "84 2719 dragon"],
  ["digits and signs only", "83-61-94-27!"],
  ["a common password at the start of a word", `${common}ish otters`],
];

describe("POST /api/auth/register", () => {
  const email = newEmail();
  // @proof weak-password-refused
  test.each(rejectedPasswords(email, name))("rejects a bad password: %s", async (_case, password) => {
    const response = await stack.client().post("/api/auth/register", { email, name, password });
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toMatchObject([{ pointer: "/password" }]);
  });

  // @proof strong-password-compared-whole
  test.each(acceptedPasswords)("accepts a password and compares all of it: %s", async (_case, password) => {
    const person = await signUp(stack, { password });
    const cut = { email: person.email, password: [...password].slice(0, -1).join("") };
    expect((await stack.client().post("/api/auth/login", cut)).code).toBe("invalid-credentials");
  });

  test("treats every Unicode spelling of a password as the same", async () => {
    const person = await signUp(stack, { password: `caf${accented} ﬁne ${goodPassword()}` });
    const composed = { email: person.email, password: person.password.normalize("NFKC") };
    expect(composed.password).not.toBe(person.password);
    expect((await stack.client().post("/api/auth/login", composed)).status).toBe(200);
    const other = { ...composed, password: composed.password.toUpperCase() };
    expect((await stack.client().post("/api/auth/login", other)).code).toBe("invalid-credentials");
  });
});

/** A link that lets the reader of the email set a password. */
const links = {
  async "verify-email"() {
    const { email } = await register(stack, { name });
    return { email, token: await emailedToken(stack, email, subjects.verify) };
  },
  async "reset-password"() {
    const { id, email } = await signUp(stack, { name });
    return { email, token: await seedResetLink(stack, id) };
  },
};

describe.each(["verify-email", "reset-password"] as const)("POST /api/auth/%s", (purpose) => {
  test("applies the same policy, and a rejection does not consume the link", async () => {
    const { email, token } = await links[purpose]();
    const send = (password: string) => stack.client().post(`/api/auth/${purpose}`, { token, password });
    for (const [, password] of rejectedPasswords(email, name)) {
      const response = await send(password);
      expect(response.code).toBe("invalid-request");
      expect(response.json.errors).toMatchObject([{ pointer: "/password" }]);
    }
    const password = goodPassword();
    expect((await send(password)).status).toBeLessThan(300);
    expect((await stack.client().post("/api/auth/login", { email, password })).status).toBe(200);
  });
});

describe("POST /api/auth/change-password", () => {
  // @proof change-follows-policy
  test("applies the same policy to the new password, and a rejection changes nothing", async () => {
    const ada = await signUp(stack, { name });
    for (const [title, password] of rejectedPasswords(ada.email, name)) {
      const response = await changePassword(ada, password);
      expect(response.code, title).toBe("invalid-request");
      expect(response.json.errors, title).toMatchObject([{ pointer: "/newPassword" }]);
      // Each of them is a guess at the current password too.
      await stack.sql("delete from throttle");
    }
    expect((await changePassword(ada)).status).toBe(200);
  });

  test.each([
    ["the current password", (password: string) => password],
    ["the current password in full-width letters", fullWidth],
  ])("refuses %s as the new one", async (_, toNew) => {
    const ada = await signUp(stack);
    const response = await changePassword(ada, toNew(ada.password));
    expect(response.json.errors).toEqual([
      { pointer: "/newPassword", message: "must differ from the current one" },
    ]);
  });
});
