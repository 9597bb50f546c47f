import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import { nativePackage } from "../../../scripts/build/bundle.js";
import { hobbyFunctionLimit } from "../../../scripts/build/core-routes.js";
import { type BuildResult, build } from "../../../scripts/build.js";

const kibibyte = 1024;
/**
 * The largest function hashes passwords, issues tokens and sends emails: change-password. The shared one contains it, and
 * grows by about 5 KiB with each resource. Bowser, which reads user agents, has 34 KiB, time zones have 27 KiB, the parser of
 * CSV has 31 KiB, and files of tasks have 31 KiB.
 */
const maxKibibytes = { any: 405, tasks: 300, shared: 640 };

type Built = BuildResult["functions"][number];

const isFile = (path: string) => /^\/api\/tasks\/(?:ex|im)port$/.test(path);
const isTasks = ({ name }: Built) => /^\/api\/_?tasks/.test(name) && !isFile(name);
const hasArgon2 = ({ modules }: Built) => modules.some((module) => module.includes(nativePackage));
const isResend = (module: string) => /node_modules\/resend\//.test(module);
const namesOf = (functions: Built[]) => functions.map(({ name }) => name).sort();

/** Requests the function in a new process, where no test has configured zod. */
async function fetchInNewProcess(file: string, path: string, body: unknown): Promise<unknown> {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const script = `
    const { default: app } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const response = await app.fetch(new Request("http://localhost${path}", ${JSON.stringify(request)}));
    console.log(await response.text());`;
  const env = {
    ...process.env,
    DATABASE_URL: "postgresql://user:password@localhost/database",
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    APP_URL: "http://localhost:3000",
    RESEND_API_KEY: "re_12345678",
    MAIL_FROM: "Latchkey <mail@example.com>",
  };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
  });
  // The log line comes first.
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

describe.each(["fit", "each"] as const)("the functions of a build in mode %s", (mode) => {
  let folder: string;
  let functions: Built[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "latchkey-bundles-"));
    ({ functions } = await build({ outDir: join(folder, "output"), mode }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const functionsOf = (ops: readonly Operation[]) => {
    const paths = new Set<string>(ops.map(({ path }) => path.replace(/\{(\w+)\}/g, "[$1]")));
    return functions.filter((built) => built.routes.some((path) => paths.has(path)));
  };
  const filesOf = async ({ name }: Pick<Built, "name">) => {
    const directory = join(folder, "output/functions", `${name}.func`);
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };

  test(mode === "fit" ? "stay within the limit of a Hobby plan" : "are one per path", () => {
    const count = new Set(routes.map(({ path }) => path)).size;
    if (mode === "fit") expect(functions.length).toBeLessThanOrEqual(hobbyFunctionLimit);
    else expect(functions).toHaveLength(count);
    expect(functions.flatMap((built) => built.routes)).toHaveLength(count);
  });

  test("contain argon2 exactly where a request carries a password", async () => {
    const hashing = functionsOf(
      routes.filter(({ body }) => Object.keys(body?.shape ?? {}).some((name) => /password$/i.test(name))),
    );
    expect(namesOf(functions.filter(hasArgon2))).toEqual(namesOf(hashing));
    expect(hashing.length).toBeLessThan(functions.length);
    for (const built of functions) {
      const native = (await filesOf(built)).filter((file) => file.endsWith(".node"));
      expect(native, built.name).toHaveLength(hasArgon2(built) ? 1 : 0);
    }
  });

  test("contain resend, imported lazily, exactly where an email may be sent", () => {
    expect(functions.filter(({ eager }) => eager.some(isResend))).toEqual([]);
    const sending = routes.filter(({ env }) => env.includes("RESEND_API_KEY"));
    const expected = namesOf(functionsOf(sending));
    expect(namesOf(functions.filter(({ modules }) => modules.some(isResend)))).toEqual(expected);
  });

  test("contain the verifier of webhooks, imported lazily, exactly where a request carries a signature", () => {
    const isVerifier = (module: string) => /node_modules\/(standardwebhooks|fast-sha256)\//.test(module);
    expect(functions.filter(({ eager }) => eager.some(isVerifier))).toEqual([]);
    const signed = routes.filter(({ auth }) => auth === "webhook-signature");
    const expected = namesOf(functionsOf(signed));
    expect(namesOf(functions.filter(({ modules }) => modules.some(isVerifier)))).toEqual(expected);
  });

  test("contain the code for file formats only where they serve an export or an import of tasks", () => {
    const isOfFiles = (module: string) =>
      /node_modules\/csv-parse\/|^(?:lib\/transfer|api\/tasks\/(?:ex|im)port)\b/.test(module);
    const expected = namesOf(functions.filter(({ routes: paths }) => paths.some(isFile)));
    expect(expected).toEqual(mode === "fit" ? ["/api/_shared"] : ["/api/tasks/export", "/api/tasks/import"]);
    expect(namesOf(functions.filter(({ modules }) => modules.some(isOfFiles)))).toEqual(expected);
  });

  test("load file formats, calendars and time zones only when a request uses them", () => {
    const isFormat = (module: string) =>
      /node_modules\/(?:csv-parse|temporal-polyfill)\/|^lib\/(?:transfer\/(?:read\/(?!source-file)|formats\/)|feed\/calendar|time\/instant)/.test(
        module,
      );
    for (const { name, modules, eager } of functions.filter(({ routes: paths }) => paths.some(isFile))) {
      expect(modules.filter(isFormat).length, name).toBeGreaterThan(2);
      expect(eager.filter(isFormat), name).toEqual([]);
    }
  });

  test("contain neither argon2 nor email code where they serve tasks", () => {
    const tasks = functions.filter(isTasks);
    expect(tasks.length).toBeGreaterThan(0);
    for (const { name, modules } of tasks) {
      expect(
        modules.filter((module) => /argon2|node_modules\/resend|lib\/mail/.test(module)),
        name,
      ).toEqual([]);
    }
  });

  // @proof functions-hold-only-runtime-code
  test("contain no module from dev, scripts, test or web, and no query builder, OpenAPI or migration tooling", () => {
    for (const { name, modules } of functions) {
      expect(modules.length, name).toBeGreaterThan(10);
      const foreign = modules.filter((module) =>
        /^(dev|scripts|test|web)\/|zod-openapi|zod\/v4\/locales\/(?!en|index)|drizzle-kit|neon-http|pg-core\/(dialect|session|query-builders)/.test(
          module,
        ),
      );
      expect(
        foreign.filter((module) => module !== "scripts/build/wait-until.js"),
        name,
      ).toEqual([]);
    }
  });

  test("contain only the HTTP part of the Neon driver, without its Buffer polyfill", async () => {
    for (const built of functions) {
      const [file = ""] = (await filesOf(built)).filter((path) => path.endsWith("/index.mjs"));
      const text = await readFile(file, "utf8");
      const found = ["Neon-Connection-String", "SASL", "BigInt not supported"].filter((part) =>
        text.includes(part),
      );
      expect(found, built.name).toEqual(["Neon-Connection-String"]);
    }
  });

  test("name the expected type of a body member in a new process", async () => {
    const name = "/api/auth/login";
    const [file = ""] = (await filesOf({ name })).filter((path) => path.endsWith("/index.mjs"));
    expect(await fetchInNewProcess(file, name, { password: "a guess" })).toMatchObject({
      code: "invalid-request",
      errors: [{ pointer: "/email", message: "Invalid input: expected string, received undefined" }],
    });
  });

  test("contain no descriptions from contracts, which only the document uses", async () => {
    const descriptions = routes.map(({ description }) => description);
    for (const built of functions) {
      const entry = (await filesOf(built)).find((file) => file.endsWith("index.mjs"));
      const code = await readFile(String(entry), "utf8");
      expect(
        descriptions.filter((description) => code.includes(description)),
        built.name,
      ).toEqual([]);
    }
  });

  test(`have at most ${maxKibibytes.any} KiB without the binary, and ${maxKibibytes.tasks} KiB where they serve tasks`, async () => {
    for (const built of functions) {
      const own = (await filesOf(built)).filter((file) => !file.endsWith(".node"));
      const sizes = await Promise.all(own.map(async (file) => (await stat(file)).size));
      const bytes = sizes.reduce((total, size) => total + size, 0);
      const kind = isTasks(built) ? "tasks" : built.name === "/api/_shared" ? "shared" : "any";
      const most = maxKibibytes[kind];
      expect(bytes / kibibyte, built.name).toBeLessThanOrEqual(most);
    }
  });
});
