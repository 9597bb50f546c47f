import { execFileSync } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { noCredentials } from "../../scripts/fuzz/credentials.js";
import type { Document } from "../../scripts/fuzz/document.js";
import { readDocument } from "../../scripts/fuzz/read-document.js";
import { curlOf, describeFinding } from "../../scripts/fuzz/report.js";
import { fuzz } from "../../scripts/fuzz/run.js";
import { violations } from "../../scripts/fuzz/values.js";
import { type Defect, document, startService, tokens } from "./fuzz-service.js";

const credentials = {
  ...noCredentials,
  bearer: async (_scheme: string, isPrivileged: boolean) => (isPrivileged ? tokens.admin : tokens.user),
};

/** Enough for what nearly every request shows, and for what few do. */
const [few, many] = [150, 900];
const rarelySeen: Defect[] = [
  "takes any body",
  "takes any query",
  "refuses good input",
  "takes a token that is cut off",
  "takes any role",
];

async function fuzzService(defect?: Defect, runs = defect && !rarelySeen.includes(defect) ? few : many) {
  const service = await startService(defect);
  onTestFinished(service.stop);
  const { origin } = service;
  const outcome = await fuzz({ origin, document, credentials, seed: 7, runs });
  return { ...outcome, origin };
}

test("a service that keeps its promises gives no finding, and every operation has accepted something", async () => {
  const { findings, api, tally } = await fuzzService();
  expect(findings).toEqual([]);
  for (const op of api.operations)
    expect(tally.of(op).accepted, `${op.method} ${op.path}`).toBeGreaterThan(0);
});

/** A defect, and what must be said about it. */
const planted: [Defect, ...RegExp[]][] = [
  ["fails", /^(GET|POST|DELETE) .*: server error/],
  ["answers an undocumented status", /^(GET|POST|DELETE) .*: status not documented/],
  ["answers another content type", /^POST \/notes: content type/],
  ["answers another body", /^GET \/notes: body \(/],
  ["leaves out a header", /^GET \/notes: header X-Request-Id missing/],
  ["answers a body where none is", /^DELETE \/notes\/\{id\}: body not documented/],
  [
    "takes any body",
    /^POST \/notes: accepts bad input: body \/title type/,
    /^POST \/notes: accepts bad input: body \/title maxLength/,
    /^POST \/notes: accepts bad input: body additionalProperties/,
    /^POST \/notes: accepts bad input: malformed JSON/,
    /^POST \/notes: accepts bad input: media type/,
    /^POST \/notes: accepts bad input: no body/,
  ],
  [
    "takes any query",
    /^GET \/notes: accepts bad input: limit pattern/,
    /^GET \/notes: accepts bad input: limit twice/,
  ],
  ["refuses good input", /^POST \/notes: refuses good input/],
  ["asks nobody who they are", /^GET \/notes.*: ignores authentication: identity/],
  ["takes a token that is cut off", /: ignores authentication: identity truncated/],
  ["takes any role", /^GET \/notes\/all: ignores the role/],
  ["answers other sites", /: accepts a cross-site request/],
  ["keeps what is deleted", /^DELETE \/notes\/\{id\}: deleted, and not gone/],
  ["leads nowhere", /^POST \/notes: created, and not at Location/],
  ["serves other methods", /^no operation: other method not refused/],
  ["does not say Allow", /^no operation: Allow is not true/],
  ["says a false Allow", /^no operation: Allow is not true/],
  ["finds unknown paths", /^no operation: unknown path found/],
  ["answers HEAD otherwise", /^GET \/notes.*: HEAD is not like GET/],
  ["names the request twice", /^(GET|POST|DELETE) .*: request id/],
  ["has no next page", /^GET \/notes: next page is not there/],
];

test.each(planted)("a service that %s is found out", async (defect, ...expected) => {
  const { findings, origin } = await fuzzService(defect);
  const described = findings.map((finding) => describeFinding(origin, finding));
  for (const said of expected) {
    const found = described.find((text) => said.test(text));
    expect(found, `${said} is not among ${described.join("\n")}`).toBeDefined();
    expect(found).toMatch(new RegExp(`curl -i --path-as-is -(X|I) .*'${origin}/`));
    for (const token of Object.values(tokens)) expect(found).not.toContain(token);
  }
});

test("a finding is made small", async () => {
  const { findings } = await fuzzService("refuses good input");
  const [{ sent } = { sent: undefined }] = findings.filter(({ check }) => check === "refuses good input");
  // The length is what the service minds; the letters are what fills it up.
  expect(JSON.parse(String(sent?.body)).title).toMatch(/^[a-z\d]{20}$/);
  expect(sent?.path).toBe("/notes");
});

test("the same seed asks the same, and finds the same", async () => {
  const first = await fuzzService("takes any body", few);
  const second = await fuzzService("takes any body", few);
  const asked = ({ findings }: typeof first) =>
    findings.map(({ operation, check }) => `${operation} ${check}`).sort();
  expect(asked(second)).toEqual(asked(first));
});

test.each([
  ["a body with quotes", { body: `{"a":"it's \\"x\\" $HOME \`id\` \\\\"}` }],
  ["a body of other letters", { body: "{'ä':\n\"🙂%s\"}" }],
  ["a body of bytes", { body: new Uint8Array([0, 1, 37, 39, 92, 65, 255]) }],
])("a curl command carries %s", (_what, { body }) => {
  const headers = { "x-odd": "it's", "content-type": "application/json" };
  const command = curlOf("http://127.0.0.1:1", { method: "POST", path: "/a?b='c", headers, body });
  // A shell reads the command, with a curl that shows what it was given.
  const show = `curl() { printf '%s\\n' "$@"; case "$*" in *@-) cat;; esac; }; ${command}`;
  const shown = execFileSync("sh", ["-c", show]);
  expect(shown.toString()).toContain("http://127.0.0.1:1/a?b='c\n");
  expect(shown.toString()).toContain("x-odd: it's\n");
  expect(shown.includes(Buffer.from(body))).toBe(true);
});

test.each([
  [{ type: "string", contentEncoding: "base64" }, "the keyword contentEncoding"],
  [{ type: "string", format: "hostname" }, "the format hostname"],
  [{ type: "integer" }, "type integer"],
])("what the fuzz cannot draw is not passed over: %j", (schema, named) => {
  expect(() => violations(schema, (given) => given)).toThrow(named);
});

test("a parameter in a place that the fuzz does not know is not passed over", () => {
  const parameters = [{ name: "a", in: "cookie", schema: { type: "string" } }];
  const odd: Document = { paths: { "/a": { get: { parameters, responses: {} } } } };
  expect(() => readDocument(odd)).toThrow("parameters in cookie");
});
