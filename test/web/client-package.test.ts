import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStackForTest } from "../stack/stack.js";
import { signUp } from "../stack/users.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const packageFolder = join(root, "packages/client");

/** An empty project outside the repository, with the packed client installed. */
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "latchkey-consumer-"));
  await run("npm", ["pack", "--workspace", "@latchkey/client", "--pack-destination", project], { cwd: root });
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  const options = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", ...options, `./latchkey-client-${version}.tgz`], { cwd: project });
}, 180_000);
afterAll(() => rm(project, { recursive: true, force: true }));

/** Type-checks a file of the project, the declarations of its packages included. Throws the compiler's output. */
async function typeCheck(file: string, module: "nodenext" | "preserve"): Promise<void> {
  const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
  const options = ["--noEmit", "--target", "es2022", "--lib", "es2023,dom,dom.iterable", "--types", ""];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, ...strict, ...options, "--module", module, file], { cwd: project }).catch(
    ({ stdout }: { stdout: string }) => Promise.reject(new Error(stdout)),
  );
}

test("publint has no complaint about the package", async () => {
  const { messages, pkg } = await publint({ pkgDir: packageFolder, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test.each(["nodenext", "preserve"] as const)(
  "the TypeScript examples of its README compile in strict mode with module %s",
  async (module) => {
    const readme = await readFile(join(packageFolder, "README.md"), "utf8");
    const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? "");
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      await writeFile(join(project, "example.ts"), example);
      await typeCheck("example.ts", module);
    }
  },
);

test("the installed types reject a body that the API refuses", async () => {
  const example = `import { createLatchkey } from "@latchkey/client";
    await createLatchkey().api.POST("/api/tasks", { body: { name: "Water the plants" } });`;
  await writeFile(join(project, "mistake.ts"), example);
  await expect(typeCheck("mistake.ts", "nodenext")).rejects.toThrow(/'title'|'name'/);
});

const signInScript = `
import { createLatchkey, dataOf } from "@latchkey/client";
const { ORIGIN: baseUrl, EMAIL: email, PASSWORD: password } = process.env;
const cookies = new Map();
async function fetchWithCookie(request) {
  request.headers.set("cookie", [...cookies].map(([name, value]) => name + "=" + value).join("; "));
  const response = await fetch(request);
  for (const line of response.headers.getSetCookie()) cookies.set(...line.split(";")[0].split("="));
  return response;
}
const latchkey = createLatchkey({ baseUrl, fetch: fetchWithCookie });
await latchkey.signIn({ email, password });
await dataOf(latchkey.api.POST("/api/tasks", { body: { title: "Water the plants" } }));
latchkey.close();
const reloaded = createLatchkey({ baseUrl, fetch: fetchWithCookie });
const user = await reloaded.resume();
const { data } = await dataOf(reloaded.api.GET("/api/tasks"));
await reloaded.signOut();
reloaded.close();
console.log(JSON.stringify({ email: user.email, titles: data.map(({ title }) => title) }));
`;

test("the installed client signs in, resumes, and signs out in plain Node", async () => {
  const stack = await startStackForTest();
  const { email, password } = await signUp(stack);
  await writeFile(join(project, "sign-in.js"), signInScript);
  const env = { PATH: process.env["PATH"], ORIGIN: stack.origin, EMAIL: email, PASSWORD: password };
  const { stdout } = await run(process.execPath, ["sign-in.js"], { cwd: project, env });
  expect(JSON.parse(stdout)).toEqual({ email, titles: ["Water the plants"] });
});
