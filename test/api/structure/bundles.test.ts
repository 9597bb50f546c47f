import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { nativePackage } from "../../../scripts/build/bundle.js";
import { hobbyFunctionLimit } from "../../../scripts/build/core-routes.js";
import { type BuildResult, build } from "../../../scripts/build.js";

const kibibyte = 1024;
const maxKilobytes = { any: 290, tasks: 185 };

type Built = BuildResult["functions"][number];

const isTasks = ({ name }: Built) => name.startsWith("/api/tasks");
const hasArgon2 = ({ modules }: Built) => modules.some((module) => module.includes(nativePackage));
const isResend = (module: string) => /node_modules\/resend\//.test(module);
const namesOf = (functions: Built[]) => functions.map(({ name }) => name).sort();

/** A process of its own, as a function has: what other modules of zod have set up in this one is not there. */
async function answerAlone(file: string, path: string, body: unknown): Promise<unknown> {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const script = `
    const { default: app } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const answer = await app.fetch(new Request("http://localhost${path}", ${JSON.stringify(request)}));
    console.log(await answer.text());`;
  const env = {
    ...process.env,
    DATABASE_URL: "postgresql://user:password@localhost/database",
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    APP_URL: "http://localhost:3000",
  };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
  });
  // The log comes first.
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

  const filesOf = async ({ name }: Pick<Built, "name">) => {
    const directory = join(folder, "output/functions", `${name}.func`);
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };

  test(mode === "fit" ? `are no more than a Hobby plan takes` : "are as many as there are paths", () => {
    const count = new Set(routes.map(({ path }) => path)).size;
    if (mode === "fit") expect(functions.length).toBeLessThanOrEqual(hobbyFunctionLimit);
    else expect(functions).toHaveLength(count);
    expect(functions.flatMap((built) => built.routes)).toHaveLength(count);
  });

  test("have argon2 where a password is hashed or verified, and nowhere else", async () => {
    const hashing = ["/api/auth/login", "/api/auth/register", "/api/auth/reset-password"];
    expect(namesOf(functions.filter(hasArgon2))).toEqual(hashing);
    for (const built of functions) {
      const native = (await filesOf(built)).filter((file) => file.endsWith(".node"));
      expect(native, built.name).toHaveLength(hasArgon2(built) ? 1 : 0);
    }
  });

  test("never load resend with their import, and have it only where a mail may be sent", () => {
    expect(functions.filter(({ eager }) => eager.some(isResend))).toEqual([]);
    const mailing = routes.filter(({ id, needs }) => needs.includes("RESEND_API_KEY") || id === "refresh");
    const paths = new Set(mailing.map(({ path }) => path.replace(/\{(\w+)\}/g, "[$1]")));
    const expected = functions.filter((built) =>
      built.routes.some((path) => paths.has(path as `/${string}`)),
    );
    expect(namesOf(functions.filter(({ modules }) => modules.some(isResend)))).toEqual(namesOf(expected));
  });

  test("have neither argon2 nor resend where tasks are served", () => {
    const tasks = functions.filter(isTasks);
    expect(tasks).toHaveLength(2);
    for (const { name, modules } of tasks) {
      expect(
        modules.filter((module) => /argon2|node_modules\/resend|lib\/mail/.test(module)),
        name,
      ).toEqual([]);
    }
  });

  test("hold nothing of dev, scripts, test or web, and nothing that belongs to the document alone", () => {
    for (const { name, modules } of functions) {
      expect(modules.length, name).toBeGreaterThan(10);
      const foreign = modules.filter((module) =>
        /^(dev|scripts|test|web)\/|zod-openapi|zod\/v4\/(?:classic|locales\/(?!en|index))|drizzle-kit|neon-http/.test(
          module,
        ),
      );
      expect(
        foreign.filter((module) => module !== "scripts/build/wait-until.js"),
        name,
      ).toEqual([]);
    }
  });

  test("have of the driver only what speaks HTTP, and not its own Buffer", async () => {
    for (const built of functions) {
      const [file = ""] = (await filesOf(built)).filter((path) => path.endsWith("/index.mjs"));
      const text = await readFile(file, "utf8");
      const held = ["Neon-Connection-String", "SASL", "BigInt not supported"].filter((part) =>
        text.includes(part),
      );
      expect(held, built.name).toEqual(["Neon-Connection-String"]);
    }
  });

  test("say what was expected of a body, with nothing around them", async () => {
    const name = "/api/auth/login";
    const [file = ""] = (await filesOf({ name })).filter((path) => path.endsWith("/index.mjs"));
    expect(await answerAlone(file, name, { password: "a guess" })).toMatchObject({
      code: "invalid-request",
      errors: [{ pointer: "/email", message: "Invalid input: expected string, received undefined" }],
    });
  });

  test(`have at most ${maxKilobytes.any} KB without the binary, and ${maxKilobytes.tasks} KB where tasks are served`, async () => {
    for (const built of functions) {
      const own = (await filesOf(built)).filter((file) => !file.endsWith(".node"));
      const sizes = await Promise.all(own.map(async (file) => (await stat(file)).size));
      const bytes = sizes.reduce((total, size) => total + size, 0);
      const most = isTasks(built) ? maxKilobytes.tasks : maxKilobytes.any;
      expect(bytes / kibibyte, built.name).toBeLessThanOrEqual(most);
    }
  });
});
