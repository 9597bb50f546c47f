import { expect, onTestFinished, test } from "vitest";
import { type FuzzOptions, formatFinding, fuzz } from "../src/index.js";
import { sampleDocument } from "./sample-document.js";
import { type Defect, tokens } from "./sample-routes.js";
import { startSampleService } from "./sample-service.js";

/** The conventions of the sample service. */
const conventions: Omit<FuzzOptions, "baseUrl"> = {
  document: sampleDocument,
  callers: { credential: async (_scheme, { roles }) => (roles.length > 0 ? tokens.admin : tokens.user) },
  errorCodes: {
    member: "code",
    invalidRequest: ["malformed-json", "invalid-request"],
    crossSite: "cross-site-request",
  },
  unroutedError: { mediaType: "application/problem+json", schema: "#/components/schemas/Problem" },
  nextPage: (body) => {
    const { nextCursor } = Object(body);
    return typeof nextCursor === "string" ? { cursor: nextCursor } : undefined;
  },
  checkResponse: ({ headers, body }) => {
    const { requestId } = Object(body);
    const isSame = requestId === undefined || requestId === headers.get("x-request-id");
    return isSame ? undefined : { rule: "one request id", why: `the body says ${requestId}` };
  },
};

/** Enough requests for a defect that most responses show, and for one that few show. */
const [few, many] = [150, 900];
const rarelyShown: Defect[] = [
  "accepts any body",
  "accepts any query",
  "refuses the longest title",
  "accepts a truncated token",
  "ignores roles",
];

type Settings = Partial<FuzzOptions> & { defect?: Defect };

async function fuzzSample({ defect, ...options }: Settings = {}) {
  const service = await startSampleService(defect);
  onTestFinished(service.stop);
  const runs = defect && !rarelyShown.includes(defect) ? few : many;
  const baseUrl = service.origin;
  return { baseUrl, ...(await fuzz({ ...conventions, baseUrl, seed: 7, runs, ...options })) };
}

test("a service that keeps its promises has no findings, and accepts requests to every operation", async () => {
  const { findings, operations, warnings } = await fuzzSample();
  expect(findings).toEqual([]);
  expect(warnings).toEqual([]);
  for (const { method, path, accepted } of operations) {
    expect(accepted, `${method} ${path}`).toBeGreaterThan(0);
  }
});

test("one request to each operation is enough for each to accept one", async () => {
  const { operations } = await fuzzSample({ runs: 1 });
  expect(operations.map(({ requests, accepted }) => ({ requests, accepted }))).toEqual(
    operations.map(() => ({ requests: 1, accepted: 1 })),
  );
});

test("finds an operation that ignores the role of a privileged scheme", async () => {
  const document = structuredClone(sampleDocument);
  Object.assign(document.components?.securitySchemes ?? {}, { admin: { type: "http", scheme: "bearer" } });
  Object.assign(document.paths?.["/notes/all"]?.["get"] ?? {}, { security: [{ admin: [] }] });
  const options = { document, privilegedSchemes: ["admin"] };
  expect((await fuzzSample(options)).findings).toEqual([]);
  const { findings } = await fuzzSample({ ...options, defect: "ignores roles" });
  expect(findings.map(({ check }) => check)).toEqual(["ignores-roles"]);
});

/** A defect, and what the report must say about it. */
const defects: [Defect, ...RegExp[]][] = [
  ["responds with 500", /^(GET|POST|DELETE) .*: server error/],
  ["responds with an undocumented status", /^(GET|POST|DELETE) .*: undocumented status/],
  ["responds with another content type", /^POST \/notes: undocumented content type/],
  ["responds with another body", /^GET \/notes: invalid body \(/],
  ["omits a documented header", /^GET \/notes: missing header: X-Request-Id/],
  ["sends an undocumented body", /^DELETE \/notes\/\{id\}: undocumented body/],
  [
    "accepts any body",
    /^POST \/notes: accepts invalid input: body \/title type/,
    /^POST \/notes: accepts invalid input: body \/title maxLength/,
    /^POST \/notes: accepts invalid input: body additionalProperties/,
    /^POST \/notes: accepts invalid input: malformed JSON/,
    /^POST \/notes: accepts invalid input: media type/,
    /^POST \/notes: accepts invalid input: no body/,
  ],
  [
    "accepts any query",
    /^GET \/notes: accepts invalid input: limit type/,
    /^GET \/notes: accepts invalid input: limit maximum/,
    /^GET \/notes: accepts invalid input: limit repeated/,
    /^GET \/notes: accepts invalid input: cursor enum/,
  ],
  ["refuses the longest title", /^POST \/notes: rejects valid input/],
  ["does not authenticate", /^GET \/notes.*: ignores authentication: credentials/],
  ["accepts a truncated token", /: ignores authentication: credentials truncated/],
  ["ignores roles", /^GET \/notes\/all: ignores roles/],
  ["serves other sites", /: accepts a cross-site request/],
  ["keeps deleted notes", /^DELETE \/notes\/\{id\}: deleted resource is still there/],
  ["sends a wrong Location", /^POST \/notes: created resource is not at its Location/],
  ["serves undocumented methods", /^unrouted requests: undocumented method is not refused/],
  ["omits Allow", /^unrouted requests: wrong Allow header/],
  ["sends a wrong Allow", /^unrouted requests: wrong Allow header/],
  ["finds unknown paths", /^unrouted requests: unknown path is found/],
  ["refuses HEAD", /^GET \/notes.*: HEAD differs from GET/],
  ["sends two request ids", /^(GET|POST|DELETE) .*: broken rule: one request id/],
  ["loses the next page", /^GET \/notes: next page is missing/],
  ["drops the connection", /^DELETE \/notes\/\{id\}: no response/],
];

test.each(defects)("reports a service that %s", async (defect, ...expected) => {
  const { findings, baseUrl } = await fuzzSample({ defect });
  const described = findings.map((finding) => formatFinding(baseUrl, finding));
  for (const pattern of expected) {
    const found = described.find((text) => pattern.test(text));
    expect(found, `${pattern} is not among\n${described.join("\n")}`).toBeDefined();
    expect(found).toMatch(new RegExp(`curl -i --path-as-is -(X|I) .*'${baseUrl}/`));
    for (const token of Object.values(tokens)) expect(found).not.toContain(token);
  }
});

test("simplifies the request of a finding", async () => {
  const { findings } = await fuzzSample({ defect: "refuses the longest title" });
  const found = findings.find(({ check }) => check === "rejects-valid-input");
  // The length makes the service refuse. Padding, which is lower case and digits, replaces all other letters.
  expect(JSON.parse(String(found?.request.body)).title).toMatch(/^[a-z\d]{20}$/);
  expect(found?.request.path).toBe("/notes");
});

test("has the same findings with the same seed", async () => {
  const [first, second] = [
    await fuzzSample({ defect: "accepts any body", runs: few }),
    await fuzzSample({ defect: "accepts any body", runs: few }),
  ];
  const checksOf = ({ findings }: typeof first) =>
    findings.map(({ operation, check, detail }) => `${operation} ${check} ${detail}`).sort();
  expect(checksOf(second)).toEqual(checksOf(first));
  expect(checksOf(first)).not.toEqual([]);
});

test("drops the findings of an ignored check, and leaves out a skipped operation", async () => {
  const { findings, operations } = await fuzzSample({
    defect: "keeps deleted notes",
    ignore: ["deleted-not-gone"],
    skip: ["GET /notes/all"],
  });
  expect(findings).toEqual([]);
  expect(operations.map(({ path }) => path)).not.toContain("/notes/all");
});

test("lets a deletion succeed again that is named as repeatable", async () => {
  const repeatableDeletions = ["DELETE /notes/{id}"];
  const { findings } = await fuzzSample({ defect: "keeps deleted notes", repeatableDeletions });
  expect(findings).toEqual([]);
});

test("without credentials, sends only requests that must be refused", async () => {
  const { findings, operations } = await fuzzSample({ callers: { credential: async () => undefined } });
  expect(findings).toEqual([]);
  for (const { accepted, refused } of operations) {
    expect(accepted).toBe(0);
    expect(refused).toBeGreaterThan(0);
  }
});
