import fc from "fast-check";
import type { Case } from "./case.js";
import type { Operation } from "./document.js";
import { oddText } from "./text.js";

export type Change = { what: string; change: fc.Arbitrary<(request: Case) => Case> };

const withBody = (body: Case["body"]) => (request: Case) => ({ ...request, body });
const withHeaders = (headers: Case["headers"]) => (request: Case) => ({
  ...request,
  headers: { ...request.headers, ...headers },
});
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** Bodies that are no JSON in UTF-8. */
const malformed: Case["body"][] = [
  "",
  " ",
  "{",
  "{}{}",
  '{"a":1,}',
  "{'a':1}",
  "{a:1}",
  '{"a":NaN}',
  '{"a":01}',
  '{"a":"\n"}',
  "nul",
  "//{}",
  "[".repeat(20_000),
  bytes('{"a":"\xff"}'),
  bytes('{"a":"\xc0\xaf"}'),
  bytes("\xff\xfe{\0}\0"),
  "a=1&b=2",
  "<a/>",
];

const wrongTypes = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonx",
  "text/json",
  "application/problem+json",
  "json",
  "*/*",
  ";",
];

/** What is wrong with a body before its values are looked at. */
export function badTransports({ body }: Operation): Change[] {
  if (!body) return [];
  const changes: Change[] = [
    { what: "malformed JSON", change: fc.constantFrom(...malformed).map(withBody) },
    {
      what: "media type",
      change: fc.constantFrom(...wrongTypes).map((type) => withHeaders({ "content-type": type })),
    },
    {
      what: "no media type",
      change: fc.constant((request) => ({ ...request, headers: without(request, "content-type") })),
    },
  ];
  if (body.required) changes.push({ what: "no body", change: fc.constant(withBody(undefined)) });
  return changes;
}

const without = ({ headers }: Case, name: string): Case["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));

const headerValue = fc
  .array(
    fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f),
    { maxLength: 60 },
  )
  .map((codes) => String.fromCharCode(...codes).trim());

const oddHeaders = [
  "accept",
  "accept-encoding",
  "accept-language",
  "content-encoding",
  "cookie",
  "forwarded",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "origin",
  "range",
  "referer",
  "sec-fetch-site",
  "traceparent",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-http-method-override",
  "x-real-ip",
  "x-request-id",
];
const cookies = [
  "",
  "=",
  ";;;",
  "a=b; a=c",
  "latchkey=x; __Host-latchkey=y",
  `a=${"x".repeat(3_000)}`,
  "a=%00; é",
  "__proto__=x",
];

/** What no document speaks of, and every service meets. */
export function oddTransports(op: Operation): Change[] {
  const word = oddText(0, 60).map((text) => encodeURIComponent(text.toWellFormed()));
  const raw = fc.array(fc.constantFrom("%", "&", "=", "+", "a", "%f", "%ff", "%00", "[]", ";", "?"), {
    minLength: 1,
    maxLength: 12,
  });
  const query = fc.oneof(
    fc.tuple(word, word).map((pair) => pair.join("=")),
    raw.map((parts) => parts.join("")),
  );
  const header = fc.tuple(fc.constantFrom(...oddHeaders), headerValue);
  const changes: Change[] = [
    { what: "header", change: header.map(([name, value]) => withHeaders({ [name]: value })) },
    { what: "cookie", change: fc.constantFrom(...cookies).map((cookie) => withHeaders({ cookie })) },
    {
      what: "query",
      change: query.map((text) => (request) => ({ ...request, query: [...request.query, ["", text]] })),
    },
  ];
  if (op.method === "DELETE") {
    changes.push({ what: "body", change: fc.constantFrom("{}", "x", "x".repeat(70_000)).map(withBody) });
  }
  if (op.body) {
    const more = fc.constantFrom(
      '"title":"a","title":"b"',
      '"a":1e999',
      '"\\u0000":"\\ud800"',
      `"a":"${"x".repeat(70_000)}"`,
    );
    changes.push({ what: "JSON", change: more.map((members) => withBody(`{${members}}`)) });
  }
  return changes;
}
