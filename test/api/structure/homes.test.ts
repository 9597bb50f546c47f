import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, test } from "vitest";
import { type EnvName, isRequired, type Variable, variables } from "../../../lib/env/variables.js";
import { problemCodes } from "../../../lib/problem.js";
import { routes } from "../../../lib/routes.js";
import { findRouteFiles } from "../../../scripts/build/route-files.js";
import { envExample } from "../../../scripts/generate/env-example.js";
import { documentJson } from "../../stack/document.js";
import { methodOf } from "./valid-requests.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (file: string) => readFile(join(root, file), "utf8");
const readJson = async (file: string) => JSON.parse(await read(file));

type Source = { file: string; text: string };

async function sources(...folders: string[]): Promise<Source[]> {
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true }))
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join(folder, file)),
    ),
  );
  return Promise.all(files.flat().map(async (file) => ({ file, text: await read(file) })));
}

/** The specifiers of a file's static and dynamic imports. */
const importsOf = ({ text }: Source): string[] =>
  [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*["']([^"']+)["']/g)].map((match) => String(match[1]));
const importersOf = (files: Source[], name: string) =>
  files.filter((source) => importsOf(source).includes(name)).map(({ file }) => file);

describe("lib/routes.ts", () => {
  const paths = [...new Set(routes.map(({ path }) => path))];

  test("has one file in api/ per path, named after it, and no other file serves a path", async () => {
    const { rewrites } = await readJson("vercel.json");
    const servedAt = (path: string): string =>
      rewrites.find(({ source }: { source: string }) => source === path)?.destination ?? path;
    const files = (await findRouteFiles(root)).map(({ path }) => path.replace(/\[(\w+)\]/g, "{$1}"));
    expect(files.sort()).toEqual(paths.map(servedAt).sort());
    expect(paths.filter((path) => servedAt(path) !== path)).toEqual(["/.well-known/jwks.json"]);
  });

  test("has exactly the operations that the files in api/ pass to createApp and handle", async () => {
    for (const { file, text } of await sources("api")) {
      const listed = /createApp(?:With[A-Z][a-z]+)?\(\[([^\]]*)\]\)/
        .exec(text)?.[1]
        ?.split(",")
        .map((id) => id.trim());
      const handled = [...text.matchAll(/^handle\(app, (\w+),/gm)].map((match) => match[1]);
      expect(listed, file).toEqual(handled);
      const served = routes.filter(({ id }) => handled.includes(id));
      expect(served, file).toHaveLength(handled.length);
      expect(new Set(served.map(({ path }) => path)).size, file).toBe(1);
    }
    const all = (await sources("api")).flatMap(({ text }) => [...text.matchAll(/^handle\(app, (\w+),/gm)]);
    expect(all.map((match) => match[1]).sort()).toEqual(routes.map(({ id }) => id).sort());
  });

  // @proof document-lists-every-operation
  test("has exactly the operations of the document", () => {
    const { paths: documented } = JSON.parse(documentJson);
    const operations = Object.entries(documented).flatMap(([path, item]) =>
      Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual(routes.map((op) => `${methodOf(op)} ${op.path}`).sort());
  });

  test("has unique ids, and unique pairs of method and path", () => {
    expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
    expect(new Set(routes.map((op) => `${op.method} ${op.path}`)).size).toBe(routes.length);
  });

  test("has the cron-secret guard on exactly the paths that vercel.json schedules", async () => {
    const { crons } = await readJson("vercel.json");
    const called = crons.map(({ path }: { path: string }) => path);
    expect(called).toEqual(routes.filter(({ auth }) => auth === "cron-secret").map(({ path }) => path));
  });
});

// @proof env-example-holds-no-secret
test(".env.example lists the variables of lib/env/variables.ts in order and contains no usable secret", () => {
  const lines = [...envExample().matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)];
  expect(lines.map((match) => match[1])).toEqual(Object.keys(variables));
  for (const [line, name, value] of lines) {
    const { isSecret, example }: Variable = variables[name as EnvName];
    expect(line.startsWith("#"), `${name} is commented out`).toBe(!isRequired(name as EnvName));
    expect(value?.replace(/^"(.*)"$/, "$1"), name).toBe(example);
    if (isSecret) expect(Buffer.from(String(value), "base64url").length, name).not.toBe(32);
  }
});

test("every problem code appears in the document and has an anchor on the problems page", async () => {
  const page = await readFile(join(inject("shared").output, "static/problems.html"), "utf8");
  for (const code of problemCodes) {
    expect(page, code).toContain(`id="${code}"`);
    expect(documentJson, code).toMatch(new RegExp(`["\`]${code}["\`]`));
  }
});

describe("the sources of api, lib and db", () => {
  test("keep every file in api/ at 60 lines or fewer", async () => {
    const long = (await sources("api")).filter(({ text }) => text.trimEnd().split("\n").length > 60);
    expect(long.map(({ file }) => file)).toEqual([]);
  });

  test("read process.env only in lib/env.ts, and of process otherwise only the version of time zone data", async () => {
    const readers = (await sources("api", "lib", "db"))
      .map(({ file, text }) => ({
        file,
        uses: text.match(
          /\bprocess\s*(\?\.|[.[])[^;,\n]*|node:process|import\.meta\.env|globalThis\.process/g,
        ),
      }))
      .filter(({ uses }) => uses !== null);
    expect(readers.map(({ file }) => file)).toEqual(["lib/env.ts", "lib/time/tzdata.ts"]);
    expect(readers[1]?.uses).toEqual(['process.versions["tz"] ?? "unknown"']);
  });

  test("compute instants of wall times only in lib/time/instant.ts", async () => {
    const importers = (await sources("api", "lib", "db")).filter((source) =>
      importsOf(source).some((specifier) => /^temporal-/.test(specifier)),
    );
    expect(importers.map(({ file }) => file)).toEqual(["lib/time/instant.ts"]);
  });

  // @proof argon2-and-resend-imported-once
  test("import argon2 only in lib/auth/passwords.ts, and resend only in lib/mail/resend.ts, lazily", async () => {
    const files = await sources("api", "lib", "db");
    expect(importersOf(files, "@node-rs/argon2")).toEqual(["lib/auth/passwords.ts"]);
    expect(importersOf(files, "resend")).toEqual(["lib/mail/resend.ts"]);
    expect(await read("lib/mail/resend.ts")).not.toMatch(/^import (?!type).*from "resend"/m);
  });

  test("compare bytes only in lib/crypto/keyed-hash.ts, in constant time", async () => {
    const files = await sources("api", "lib", "db");
    const filesWith = (call: RegExp) => files.filter(({ text }) => call.test(text)).map(({ file }) => file);
    expect(filesWith(/\btimingSafeEqual\(/)).toEqual(["lib/crypto/keyed-hash.ts"]);
    expect(filesWith(/\.equals\(|\bBuffer\.compare\(/)).toEqual([]);
  });

  test("import drizzle-orm only in queries, db and the throttle", async () => {
    const writers = (await sources("api", "lib")).filter((source) =>
      importsOf(source).includes("drizzle-orm"),
    );
    const elsewhere = writers.map(({ file }) => file).filter((file) => !/\/queries(\.ts|\/)/.test(file));
    expect(elsewhere).toEqual(["lib/auth/throttle.ts"]);
  });

  test("import each other in one direction only: api, lib, db", async () => {
    const allowed = { api: /^(api|lib|db)\//, lib: /^(lib|db)\//, db: /^db\// };
    for (const [folder, targets] of Object.entries(allowed)) {
      for (const source of await sources(folder)) {
        const own = importsOf(source).filter((specifier) => specifier.startsWith("."));
        for (const specifier of own) expect(join(source.file, "..", specifier), source.file).toMatch(targets);
      }
    }
  });
});
