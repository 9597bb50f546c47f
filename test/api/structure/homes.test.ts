import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, test } from "vitest";
import { variables } from "../../../lib/env.js";
import { problemCodes } from "../../../lib/problem.js";
import { routes } from "../../../lib/routes.js";
import { findRouteFiles } from "../../../scripts/build/route-files.js";
import { methodOf } from "./prepared.js";

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

/** What a file imports, statically or not. */
const importsOf = ({ text }: Source): string[] =>
  [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*["']([^"']+)["']/g)].map((match) => String(match[1]));
const importersOf = (files: Source[], name: string) =>
  files.filter((source) => importsOf(source).includes(name)).map(({ file }) => file);

describe("the list of operations", () => {
  const paths = [...new Set(routes.map(({ path }) => path))];

  test("has one file of api/ for every path, whose name the path is, and no file is left over", async () => {
    const { rewrites } = await readJson("vercel.json");
    const servedAt = (path: string): string =>
      rewrites.find(({ source }: { source: string }) => source === path)?.destination ?? path;
    const files = (await findRouteFiles(root)).map(({ path }) => path.replace(/\[(\w+)\]/g, "{$1}"));
    expect(files.sort()).toEqual(paths.map(servedAt).sort());
    expect(paths.filter((path) => servedAt(path) !== path)).toEqual(["/.well-known/jwks.json"]);
  });

  test("is what the files serve: each hands its own operations, and no others, to createApp and to handle", async () => {
    for (const { file, text } of await sources("api")) {
      const listed = /createApp\(\[([^\]]*)\]\)/
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

  test("is that of the document", async () => {
    const { paths: documented } = await readJson("openapi.json");
    const operations = Object.entries(documented).flatMap(([path, item]) =>
      Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual(routes.map((op) => `${methodOf(op)} ${op.path}`).sort());
  });

  test("has ids and operations that are there once", () => {
    expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
    expect(new Set(routes.map((op) => `${op.method} ${op.path}`)).size).toBe(routes.length);
  });

  test("is called by cron where the contract says so", async () => {
    const { crons } = await readJson("vercel.json");
    const called = crons.map(({ path }: { path: string }) => path);
    expect(called).toEqual(routes.filter(({ auth }) => auth === "cron-secret").map(({ path }) => path));
  });
});

test(".env.example names the variables that lib/env.ts reads, in its order, and fills in no secret", async () => {
  const lines = [...(await read(".env.example")).matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)];
  expect(lines.map((match) => match[1])).toEqual(Object.keys(variables));
  for (const [line, name, value] of lines) {
    const { secret, required, example } = variables[name as keyof typeof variables];
    expect(line.startsWith("#"), `${name} is a comment`).toBe(!required);
    expect(value?.replace(/^"(.*)"$/, "$1"), name).toBe(example);
    if (secret) expect(Buffer.from(String(value), "base64url").length, name).not.toBe(32);
  }
});

test("every problem code stands in the document and has its place on the page that `type` leads to", async () => {
  const page = await readFile(join(inject("shared").output, "static/problems.html"), "utf8");
  const document = await read("openapi.json");
  for (const code of problemCodes) {
    expect(page, code).toContain(`id="${code}"`);
    expect(document, code).toMatch(new RegExp(`["\`]${code}["\`]`));
  }
});

describe("the sources", () => {
  test("have no file of api/ that is longer than 60 lines", async () => {
    const long = (await sources("api")).filter(({ text }) => text.trimEnd().split("\n").length > 60);
    expect(long.map(({ file }) => file)).toEqual([]);
  });

  test("read the environment in lib/env.ts only", async () => {
    const readers = (await sources("api", "lib", "db")).filter(({ text }) =>
      /\bprocess\s*(\?\.|[.[])|node:process|import\.meta\.env|globalThis\.process/.test(text),
    );
    expect(readers.map(({ file }) => file)).toEqual(["lib/env.ts"]);
  });

  test("import argon2 in lib/auth/passwords.ts only, and resend in lib/mail/send.ts only, lazily", async () => {
    const files = await sources("api", "lib", "db");
    expect(importersOf(files, "@node-rs/argon2")).toEqual(["lib/auth/passwords.ts"]);
    expect(importersOf(files, "resend")).toEqual(["lib/mail/send.ts"]);
    expect(await read("lib/mail/send.ts")).not.toMatch(/^import (?!type).*from "resend"/m);
  });

  test("compare bytes in lib/auth/keys.ts only, in a time that tells nothing", async () => {
    const files = await sources("api", "lib", "db");
    const filesWith = (call: RegExp) => files.filter(({ text }) => call.test(text)).map(({ file }) => file);
    expect(filesWith(/\btimingSafeEqual\(/)).toEqual(["lib/auth/keys.ts"]);
    expect(filesWith(/\.equals\(|\bBuffer\.compare\(/)).toEqual([]);
  });

  test("write SQL in queries, db and the throttle only", async () => {
    const writers = (await sources("api", "lib")).filter((source) =>
      importsOf(source).includes("drizzle-orm"),
    );
    const elsewhere = writers.map(({ file }) => file).filter((file) => !/\/queries(\.ts|\/)/.test(file));
    expect(elsewhere).toEqual(["lib/auth/throttle.ts"]);
  });

  test("depend on each other in one direction: api, lib, db", async () => {
    const allowed = { api: /^(api|lib|db)\//, lib: /^(lib|db)\//, db: /^db\// };
    for (const [folder, targets] of Object.entries(allowed)) {
      for (const source of await sources(folder)) {
        const own = importsOf(source).filter((specifier) => specifier.startsWith("."));
        for (const specifier of own) expect(join(source.file, "..", specifier), source.file).toMatch(targets);
      }
    }
  });
});
