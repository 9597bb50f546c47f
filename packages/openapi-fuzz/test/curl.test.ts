import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { curlCommand } from "../src/index.js";

test.each([
  ["a body with quotes", { body: `{"a":"it's \\"x\\" $HOME \`id\` \\\\"}` }],
  ["a body with other letters", { body: "{'ä':\n\"🙂%s\"}" }],
  ["a body of bytes", { body: new Uint8Array([0, 1, 37, 39, 92, 65, 255]) }],
])("a curl command carries %s unchanged", (_what, { body }) => {
  const headers = { "x-odd": "it's", "content-type": "application/json" };
  const command = curlCommand("http://127.0.0.1:1", { method: "POST", path: "/a?b='c", headers, body });
  // A real shell reads the command; a function in place of curl prints its arguments.
  const show = `curl() { printf '%s\\n' "$@"; case "$*" in *@-) cat;; esac; }; ${command}`;
  const shown = execFileSync("sh", ["-c", show]);
  expect(shown.toString()).toContain("http://127.0.0.1:1/a?b='c\n");
  expect(shown.toString()).toContain("x-odd: it's\n");
  expect(shown.includes(Buffer.from(body))).toBe(true);
});

test("a curl command leaves credentials to the environment", () => {
  const secret = "s3cret-".repeat(10);
  const headers = { authorization: `Bearer ${secret}`, cookie: `session=${secret}`, "x-api-key": secret };
  const command = curlCommand("https://api.example.com/v1/", { method: "GET", path: "/a", headers });
  expect(command).not.toContain(secret);
  expect(command).toContain("'https://api.example.com/v1/a'");
  expect(command).toContain('"Authorization: Bearer $TOKEN"');
  expect(command).toContain('"Cookie: session=$COOKIE"');
  expect(command).toContain('"x-api-key: $KEY"');
});
