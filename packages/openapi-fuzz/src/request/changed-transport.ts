import fc from "fast-check";
import type { Operation } from "../document/operation.js";
import { unusualText } from "../schema/text.js";
import type { Case, Change } from "./case.js";

const withBody = (body: Case["body"]) => (request: Case) => ({ ...request, body });
const withHeaders = (headers: Case["headers"]) => (request: Case) => ({
  ...request,
  headers: { ...request.headers, ...headers },
});
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** Bodies that are not JSON in UTF-8. */
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

/** Bodies that a service must refuse before it looks at their values. */
export function invalidTransports({ body }: Operation): Change[] {
  if (!body) return [];
  const changes: Change[] = [
    { name: "malformed JSON", apply: fc.constantFrom(...malformed).map(withBody) },
    {
      name: "media type",
      apply: fc.constantFrom(...wrongTypes).map((type) => withHeaders({ "content-type": type })),
    },
    {
      name: "no media type",
      apply: fc.constant((request) => ({ ...request, headers: without(request, "content-type") })),
    },
  ];
  if (body.required) changes.push({ name: "no body", apply: fc.constant(withBody(undefined)) });
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

const unusualHeaders = [
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
const cookies = ["", "=", ";;;", "a=b; a=c", `a=${"x".repeat(3_000)}`, "a=%00; é", "__proto__=x"];

/** Headers, queries and bodies that every service receives, although documents do not mention them. */
export function unusualTransports(op: Operation, cookieNames: string[]): Change[] {
  const word = unusualText(0, 60).map((text) => encodeURIComponent(text.toWellFormed()));
  const raw = fc.array(fc.constantFrom("%", "&", "=", "+", "a", "%f", "%ff", "%00", "[]", ";", "?"), {
    minLength: 1,
    maxLength: 12,
  });
  const query = fc.oneof(
    fc.tuple(word, word).map((pair) => pair.join("=")),
    raw.map((parts) => parts.join("")),
  );
  const header = fc.tuple(fc.constantFrom(...unusualHeaders), headerValue);
  const shadowed = cookieNames.map((name) => `${name.replace(/^__(Host|Secure)-/, "")}=x; ${name}=y`);
  const changes: Change[] = [
    { name: "header", apply: header.map(([name, value]) => withHeaders({ [name]: value })) },
    {
      name: "cookie",
      apply: fc.constantFrom(...cookies, ...shadowed).map((cookie) => withHeaders({ cookie })),
    },
    {
      name: "query",
      apply: query.map((text) => (request) => ({ ...request, query: [...request.query, ["", text]] })),
    },
  ];
  if (op.method === "DELETE") {
    changes.push({ name: "body", apply: fc.constantFrom("{}", "x", "x".repeat(70_000)).map(withBody) });
  }
  if (op.body) {
    const objects = fc.constantFrom(
      '"name":"a","name":"b"',
      '"a":1e999',
      '"\\u0000":"\\ud800"',
      `"a":"${"x".repeat(70_000)}"`,
    );
    changes.push({ name: "JSON", apply: objects.map((members) => withBody(`{${members}}`)) });
  }
  return changes;
}
