import { expect, test } from "vitest";
import { commonPasswordsSource } from "../../scripts/common-passwords.js";
import { readText } from "./markdown.js";

// @proof common-passwords-list-is-current
test("lib/auth/common-passwords.ts matches the output of its script", async () => {
  expect(await readText("lib/auth/common-passwords.ts")).toBe(commonPasswordsSource());
});
