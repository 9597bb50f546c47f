import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { writeFetchClient } from "../../scripts/client-types/fetch-client.js";

const root = resolve(import.meta.dirname, "../..");
const tsc = join(root, "node_modules/typescript/bin/tsc");
const options = [
  ...["--strict", "--noEmit", "--noUncheckedIndexedAccess", "--skipLibCheck"],
  ...["--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom,dom.iterable"],
];

/** Calls of the generated client. Each `@ts-expect-error` fails the build if the types are too loose. */
const caller = `
import { createTask, getTask, login } from "./client/index.js";

await login({ body: { email: "ada@example.com", password: "battery horse staple" } });
const { data } = await createTask({ body: { title: "Water the plants" } });
const status: "todo" | "in_progress" | "done" | undefined = data?.status;
const { error } = await getTask({ path: { id: data?.id ?? "" } });
const code: string | undefined = error?.code;
console.log(status, code);

// @ts-expect-error The title is required.
await createTask({ body: {} });
// @ts-expect-error The path has an id.
await getTask({});
`;

test("a fetch client that is generated from openapi.json compiles under strict TypeScript", async () => {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-client-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFetchClient(join(root, "openapi.json"), join(folder, "client"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "caller.ts"), caller);
  const compile = promisify(execFile)(process.execPath, [tsc, ...options, "caller.ts"], { cwd: folder });
  const { stdout } = await compile.catch((error: { stdout: string }) => error);
  expect(stdout).toBe("");
});
