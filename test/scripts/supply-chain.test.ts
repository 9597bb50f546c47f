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

const none: Package = {
  link: false,
  hasInstallScript: false,
  dependencies: {},
  optionalDependencies: {},
  peerDependencies: {},
  peerDependenciesMeta: {},
};
const aPackage = (changes: Partial<Package> = {}): Package => ({
  ...none,
  integrity: `sha512-${randomBytes(64).toString("base64")}`,
  license: "MIT",
  ...changes,
});
const any = { x: "1" };

describe("dependencies", () => {
  test("of production are 12 at most, each of one exact version", async () => {
    const { dependencies } = await readManifest(root);
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(12);
    for (const [name, version] of Object.entries(dependencies))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("are found as Node finds them: nested ones first, optional ones if they are there", () => {
    const packages = {
      "node_modules/a": aPackage({ dependencies: any, optionalDependencies: { absent: "1" } }),
      "node_modules/a/node_modules/x": aPackage({
        peerDependencies: { y: "1", z: "1" },
        peerDependenciesMeta: { z: { optional: true } },
      }),
      "node_modules/x": aPackage(),
      "node_modules/y": aPackage(),
      "node_modules/z": aPackage(),
    };
    const places = productionTree(packages, ["a"]).map(({ place }) => place);
    expect(places).toEqual(["node_modules/a", "node_modules/a/node_modules/x", "node_modules/y"]);
    expect(() => productionTree(packages, ["b"])).toThrow("b, which the project needs");
  });
});

describe("the lockfile", () => {
  test("has a checksum for each package, no address, and no script that nobody has decided about", async () => {
    const { faults, done } = await checkLockfile();
    expect(faults).toEqual([]);
    expect(Number.parseInt(done, 10)).toBeGreaterThan(300);
  });

  test.each<[string, Partial<Package>, string]>([
    ["no checksum", { integrity: undefined }, "no SHA-512 checksum"],
    ["a weak checksum", { integrity: `sha1-${randomBytes(20).toString("base64")}` }, "no SHA-512 checksum"],
    ["an address over http", { resolved: "http://example.com/a.tgz" }, "an address of its own"],
    ["an address in git", { resolved: "git+ssh://git@example.com/a.git#0" }, "an address of its own"],
    ["an undecided script", { hasInstallScript: true }, "runs a script"],
  ])("with %s is refused", (_what, changes, fault) => {
    const packages = {
      "": none,
      "node_modules/a": aPackage(),
      "node_modules/b/node_modules/@c/d": aPackage(changes),
    };
    expect(lockfileFaults(packages, { allowScripts: { a: true } })).toEqual([expect.stringContaining(fault)]);
  });

  test("may have a script that package.json allows or forbids", async () => {
    const packages = { "node_modules/a": aPackage({ hasInstallScript: true }) };
    for (const a of [true, false]) expect(lockfileFaults(packages, { allowScripts: { a } })).toEqual([]);
  });
});

describe("licences", () => {
  test("of all that is deployed are on the list, and docs/licences.md has them", async () => {
    expect((await checkLicences()).faults).toEqual([]);
  });

  test.each(["MIT", "(MIT OR GPL-3.0-only)", "MIT AND Apache-2.0", "GPL-2.0-only OR MIT AND ISC"])(
    "%s is allowed",
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
  ])("%s is not", (expression) => {
    expect(isAllowed(expression)).toBe(false);
    expect(licenceFaults([{ ...none, place: "node_modules/a", license: expression }])).toHaveLength(1);
  });

  test("cover what is sent to a browser, and not what only builds", async () => {
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

describe("the scan for secrets", () => {
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
    "a password of a database in the cloud": () => `postgres://o:${text(12)}@ep-x-1.eu.aws.neon.tech/db`,
  };

  test("finds nothing in the files of this repository", async () => {
    const { faults, done } = await checkSecrets();
    expect(faults).toEqual([]);
    expect(Number(/\d+/.exec(done)?.[0])).toBeGreaterThan(300);
  });

  test.each(Object.keys(planted))("finds %s, and does not repeat it", (kind) => {
    const secret = planted[kind]?.() ?? "";
    const found = findSecrets("a.ts", `first\nconst key = "${secret}";\n`);
    expect(found).toEqual([{ file: "a.ts", line: 2, kind }]);
  });

  test("finds random texts of 32 bytes, but for one in two hundred", () => {
    const secrets = Array.from(
      { length: 2_000 },
      () => `AUTH_SECRET=${randomBytes(32).toString("base64url")}`,
    );
    expect(secrets.filter((line) => findSecrets(".env", line).length === 0).length).toBeLessThan(10);
  });

  test("minds neither checksums, words nor placeholders", () => {
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

  test("is clean when it reports nothing, and names what it reports", () => {
    expect(readAudit(report({}))).toEqual({ outcome: "clean" });
    const hono = { name: "hono", severity: "low", range: "<4.0.0" };
    expect(readAudit(report({ hono }))).toEqual({ outcome: "found", what: ["hono <4.0.0: low"] });
  });

  test.each([
    { message: "405 Method Not Allowed", statusCode: 405 },
    { message: "503 Service Unavailable", statusCode: 503 },
    { message: "request failed, reason: getaddrinfo ENOTFOUND x" },
  ])("that reaches nobody is put up with: $message", (answer) => {
    expect(readAudit(JSON.stringify(answer)).outcome).toBe("unreachable");
  });

  test.each([
    ["a refusal", JSON.stringify({ message: "401 Unauthorized", statusCode: 401 })],
    ["a broken lockfile", JSON.stringify({ error: { code: "EUSAGE", summary: "x", detail: "" } })],
    ["a report of another version", JSON.stringify({ auditReportVersion: 3, vulnerabilities: {} })],
    ["what is no JSON", "<html>"],
  ])("that answers %s fails", (_what, printed) => {
    expect(() => readAudit(printed)).toThrow();
  });
});
