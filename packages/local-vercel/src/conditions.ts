import type { HasField } from "@vercel/routing-utils";
import type { EdgeRequest } from "./edge-request.js";

type Condition = HasField[number];
type Expected = NonNullable<Condition["value"]>;

/** Returns the values that `has` captures, or `null` when `has` or `missing` excludes the request. */
export function matchConditions(
  request: EdgeRequest,
  has: HasField = [],
  missing: HasField = [],
): Record<string, string> | null {
  const captured: Record<string, string> = {};
  for (const condition of has) {
    const groups = matchCondition(request, condition);
    if (!groups) return null;
    Object.assign(captured, groups);
  }
  return missing.some((condition) => matchCondition(request, condition)) ? null : captured;
}

function matchCondition(request: EdgeRequest, condition: Condition): Record<string, string> | null {
  const actual = fieldOf(request, condition);
  if (actual === undefined) return null;
  const name = condition.type === "host" ? "host" : condition.key;
  if (condition.value === undefined) return { [name]: actual };
  return matchValue(actual, condition.value);
}

function fieldOf(request: EdgeRequest, condition: Condition): string | undefined {
  switch (condition.type) {
    case "host":
      return request.url.hostname;
    case "header":
      return request.headers[condition.key.toLowerCase()];
    case "query":
      return request.url.searchParams.get(condition.key) ?? undefined;
    case "cookie":
      return cookie(request.headers["cookie"] ?? "", condition.key);
  }
}

function cookie(header: string, name: string): string | undefined {
  const pair = header.split(/; */).find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

function matchValue(actual: string, expected: Expected): Record<string, string> | null {
  const pattern = typeof expected === "string" ? expected : expected.re;
  const match = pattern === undefined ? null : new RegExp(`^${pattern}$`).exec(actual);
  if (pattern !== undefined && !match) return null;
  if (typeof expected === "object" && !matchesOperators(actual, expected)) return null;
  return { ...match?.groups };
}

function matchesOperators(actual: string, expected: Exclude<Expected, string>): boolean {
  const number = Number(actual);
  return [
    expected.eq === undefined || String(expected.eq) === actual,
    expected.neq === undefined || expected.neq !== actual,
    expected.inc === undefined || expected.inc.includes(actual),
    expected.ninc === undefined || !expected.ninc.includes(actual),
    expected.pre === undefined || actual.startsWith(expected.pre),
    expected.suf === undefined || actual.endsWith(expected.suf),
    expected.gt === undefined || number > expected.gt,
    expected.gte === undefined || number >= expected.gte,
    expected.lt === undefined || number < expected.lt,
    expected.lte === undefined || number <= expected.lte,
  ].every(Boolean);
}
