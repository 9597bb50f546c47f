import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readAudit } from "../../scripts/supply-chain/audit.js";
import { isAllowed, licenceFaults } from "../../scripts/supply-chain/licences.js";
import {
  lockfileFaults,
  type Package,
  readLockfile,
  readManifest,
} from "../../scripts/supply-chain/lockfile.js";
import { productionTree } from "../../scripts/supply-chain/production-tree.js";
import { findSecrets } from "../../scripts/supply-chain/secrets.js";
import { checkLicences, checkLockfile, checkSecrets, freshLicences } from "../../scripts/supply-chain.js";

const root = new URL("../../", import.meta.url);

const barePackage: Package = {
  link: false,
  hasInstallScript: false,
  dependencies: {},
  optionalDependencies: {},
  peerDependencies: {},
  peerDependenciesMeta: {},
};
const lockedPackage = (changes: Partial<Package> = {}): Package => ({
  ...barePackage,
  integrity: `sha512-${randomBytes(64).toString("base64")}`,
  license: "MIT",
  ...changes,
});
const needsX = { x: "1" };

describe("dependencies", () => {
  test("for production are at most 15, each pinned to an exact version", async () => {
    const { dependencies } = await readManifest(root);
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(15);
    for (const [name, version] of Object.entries(dependencies))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("resolve like in Node: nested ones first, optional ones only when installed", () => {
    const packages = {
      "node_modules/a": lockedPackage({ dependencies: needsX, optionalDependencies: { absent: "1" } }),
      "node_modules/a/node_modules/x": lockedPackage({
        peerDependencies: { y: "1", z: "1" },
        peerDependenciesMeta: { z: { optional: true } },
      }),
      "node_modules/x": lockedPackage(),
      "node_modules/y": lockedPackage(),
      "node_modules/z": lockedPackage(),
    };
    const paths = productionTree(packages, ["a"]).map(({ path }) => path);
    expect(paths).toEqual(["node_modules/a", "node_modules/a/node_modules/x", "node_modules/y"]);
    expect(() => productionTree(packages, ["b"])).toThrow("b, which the project needs");
  });
});

describe("the lockfile", () => {
  test("has a checksum per package, only the registry as a source, and no undecided install script", async () => {
    const { faults, summary } = await checkLockfile();
    expect(faults).toEqual([]);
    expect(Number.parseInt(summary, 10)).toBeGreaterThan(300);
  });

  test.each<[string, Partial<Package>, string]>([
    ["no checksum", { integrity: undefined }, "no SHA-512 checksum"],
    ["a weak checksum", { integrity: `sha1-${randomBytes(20).toString("base64")}` }, "no SHA-512 checksum"],
    ["an address over http", { resolved: "http://example.com/a.tgz" }, "does not come from the registry"],
    [
      "an address in git",
      { resolved: "git+ssh://git@example.com/a.git#0" },
      "does not come from the registry",
    ],
    ["an undecided script", { hasInstallScript: true }, "has an install script"],
  ])("is refused with %s", (_what, changes, fault) => {
    const packages = {
      "": barePackage,
      "node_modules/a": lockedPackage(),
      "node_modules/b/node_modules/@c/d": lockedPackage(changes),
    };
    expect(lockfileFaults(packages, { allowScripts: { a: true } })).toEqual([expect.stringContaining(fault)]);
  });

  test("may have an install script that package.json allows or forbids", async () => {
    const packages = { "node_modules/a": lockedPackage({ hasInstallScript: true }) };
    for (const a of [true, false]) expect(lockfileFaults(packages, { allowScripts: { a } })).toEqual([]);
  });
});

describe("licences", () => {
  test("of all deployed packages are allowed, and docs/licences.md lists them", async () => {
    expect((await checkLicences()).faults).toEqual([]);
  });

  test.each(["MIT", "(MIT OR GPL-3.0-only)", "MIT AND Apache-2.0", "GPL-2.0-only OR MIT AND ISC"])(
    "allow %s",
    (expression) => expect(isAllowed(expression)).toBe(true),
  );

  test.each([
    undefined,
    "",
    "GPL-3.0-only",
    "MIT AND GPL-3.0-only",
    "UNLICENSED",
    "SEE LICENSE IN x",
    "(MIT AND (GPL-2.0 OR MIT))",
  ])("refuse %s", (expression) => {
    expect(isAllowed(expression)).toBe(false);
    expect(licenceFaults([{ ...barePackage, path: "node_modules/a", license: expression }])).toHaveLength(1);
  });

  test("cover packages that reach the browser, and leave out build tools", async () => {
    const packages = await readLockfile(root);
    const { text: page } = await freshLicences();
    for (const name of ["hono", "preact", "swagger-ui-dist", "openapi-fetch"])
      expect(page).toContain(`\`${name}\``);
    for (const name of ["vitest", "typescript", "esbuild"]) {
      expect(packages[`node_modules/${name}`]).toBeDefined();
      expect(page).not.toContain(`\`${name}\``);
    }
  });
});

describe("the secret scan", () => {
  const text = (length: number) =>
    randomBytes(length).toString("base64url").replaceAll(/[-_]/g, "x").slice(0, length);
  const planted: Record<string, () => string> = {
    "a Resend key": () => `re_${text(8)}_${text(24)}`,
    "a Neon password": () => `npg_${text(12)}`,
    "a Neon API key": () => `napi_${text(50)}`,
    "a Vercel token": () => `vcp_${text(40)}`,
    "a GitHub token": () => `ghp_${text(36)}`,
    "an npm token": () => `npm_${text(36)}`,
    "an AWS key": () => `AKIA${text(16).toUpperCase()}`,
    "a private key": () => ["-----BEGIN", "PRIVATE KEY-----"].join(" "),
    "a JWT": () => ["eyJhbGciOiJFZERTQSJ9", `eyJ${text(30)}`, text(86)].join("."),
    "the password of a cloud database": () => `postgres://o:${text(12)}@ep-x-1.eu.aws.neon.tech/db`,
  };

  // @proof repository-holds-no-secrets
  test.each([".env", ".env.production"])("does not cover %s, which Git ignores", (file) => {
    expect(execFileSync("git", ["check-ignore", file], { cwd: root, encoding: "utf8" })).toBe(`${file}\n`);
  });

  test("finds no secrets in the files of this repository", async () => {
    const { faults, summary } = await checkSecrets();
    expect(faults).toEqual([]);
    expect(Number(/\d+/.exec(summary)?.[0])).toBeGreaterThan(300);
  });

  test.each(Object.keys(planted))("finds %s without repeating it", (kind) => {
    const secret = planted[kind]?.() ?? "";
    const found = findSecrets("a.ts", `first\nconst key = "${secret}";\n`);
    expect(found).toEqual([{ file: "a.ts", line: 2, kind }]);
  });

  test("finds 199 of 200 random secrets of 32 bytes", () => {
    const secrets = Array.from(
      { length: 2_000 },
      () => `AUTH_SECRET=${randomBytes(32).toString("base64url")}`,
    );
    expect(secrets.filter((line) => findSecrets(".env", line).length === 0).length).toBeLessThan(10);
  });

  test("ignores checksums, words and placeholders", () => {
    const lines = [
      `"integrity": "sha512-${randomBytes(64).toString("base64")}"`,
      "postgresql://user:password@ep-name-123456.eu-central-1.aws.neon.tech/neondb",
      "RESEND_API_KEY=re_...",
      "thisIsARatherLongNameOfAFunctionThatHas2Digits",
      randomBytes(32).toString("hex"),
    ];
    expect(findSecrets("x", lines.join("\n"))).toEqual([]);
  });
});

describe("npm audit", () => {
  const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });

  test("is clean without findings, and names each finding", () => {
    expect(readAudit(report({}))).toEqual({ outcome: "clean" });
    const hono = { name: "hono", severity: "low", range: "<4.0.0" };
    expect(readAudit(report({ hono }))).toEqual({ outcome: "found", what: ["hono <4.0.0: low"] });
  });

  test.each([
    { message: "405 Method Not Allowed", statusCode: 405 },
    { message: "503 Service Unavailable", statusCode: 503 },
    { message: "request failed, reason: getaddrinfo ENOTFOUND x" },
  ])("tolerates an unreachable registry: $message", (printed) => {
    expect(readAudit(JSON.stringify(printed)).outcome).toBe("unreachable");
  });

  test.each([
    ["a refusal", JSON.stringify({ message: "401 Unauthorized", statusCode: 401 })],
    ["a broken lockfile", JSON.stringify({ error: { code: "EUSAGE", summary: "x", detail: "" } })],
    ["a report of another version", JSON.stringify({ auditReportVersion: 3, vulnerabilities: {} })],
    ["a text that is not JSON", "<html>"],
  ])("fails for %s", (_what, printed) => {
    expect(() => readAudit(printed)).toThrow();
  });
});
