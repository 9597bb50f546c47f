import { expect, test } from "vitest";
import { refuseCommonPassword } from "../../lib/auth/password-policy.js";
import { commonPasswordsSource, longPasswords } from "../../scripts/common-passwords.js";
import { readText } from "./markdown.js";

// @proof common-passwords-list-is-current
test("lib/auth/common-passwords.ts matches the output of its script", async () => {
  expect(await readText("lib/auth/common-passwords.ts")).toBe(commonPasswordsSource());
});

test("each of the 3,000 most common passwords is refused, also those that the list leaves out", () => {
  expect(longPasswords).toHaveLength(3_000);
  for (const password of longPasswords)
    expect(() => refuseCommonPassword(password), password).toThrow("invalid-request");
});
