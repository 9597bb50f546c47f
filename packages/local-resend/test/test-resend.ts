import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resend } from "resend";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { type LocalResend, type LocalResendOptions, startLocalResend } from "../src/index.js";

export const apiKey = "re_local_key";
let users = 0;

/** Returns an email to an address that no other test uses. */
export function newEmail() {
  users += 1;
  return {
    from: "Acme <hello@acme.example>",
    to: `user${users}@example.com`,
    subject: "Welcome",
    text: "Hello",
    html: "<p>Hello</p>",
  };
}

export type TestResend = LocalResend & { sdk: Resend };

/** Starts one server for all tests of a file. */
export function useLocalResend(): () => TestResend {
  let shared: TestResend | undefined;
  beforeAll(async () => {
    shared = await start();
  });
  afterAll(() => shared?.stop());
  return () => {
    if (!shared) throw new Error("The server starts before the first test.");
    return shared;
  };
}

/** Starts a server for a single test. */
export async function startForTest(options: Partial<LocalResendOptions> = {}): Promise<TestResend> {
  const resend = await start(options);
  onTestFinished(() => resend.stop());
  return resend;
}

async function start(options: Partial<LocalResendOptions> = {}): Promise<TestResend> {
  const resend = await startLocalResend({ apiKey, ...options });
  return { ...resend, sdk: new Resend(apiKey, { baseUrl: resend.origin }) };
}

/** Returns a directory that is removed after the test. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "local-resend-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
