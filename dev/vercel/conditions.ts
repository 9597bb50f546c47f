import type { HasField } from "@vercel/routing-utils";
import type { Incoming } from "./incoming.js";

type Condition = HasField[number];
type Wanted = NonNullable<Condition["value"]>;

/** The named groups the `has` patterns captured, or `null` when `has` or `missing` rules the request out. */
export function meetsConditions(
  request: Incoming,
  has: HasField = [],
  missing: HasField = [],
): Record<string, string> | null {
  const captured: Record<string, string> = {};
  for (const condition of has) {
    const groups = meets(request, condition);
    if (!groups) return null;
    Object.assign(captured, groups);
  }
  return missing.some((condition) => meets(request, condition)) ? null : captured;
}

function meets(request: Incoming, condition: Condition): Record<string, string> | null {
  const actual = fieldOf(request, condition);
  if (actual === undefined) return null;
  const name = condition.type === "host" ? "host" : condition.key;
  if (condition.value === undefined) return { [name]: actual };
  return matchValue(actual, condition.value);
}

function fieldOf(request: Incoming, condition: Condition): string | undefined {
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

function matchValue(actual: string, wanted: Wanted): Record<string, string> | null {
  const pattern = typeof wanted === "string" ? wanted : wanted.re;
  const match = pattern === undefined ? null : new RegExp(`^${pattern}$`).exec(actual);
  if (pattern !== undefined && !match) return null;
  if (typeof wanted === "object" && !matchesOperators(actual, wanted)) return null;
  return { ...match?.groups };
}

function matchesOperators(actual: string, wanted: Exclude<Wanted, string>): boolean {
  const number = Number(actual);
  return [
    wanted.eq === undefined || String(wanted.eq) === actual,
    wanted.neq === undefined || wanted.neq !== actual,
    wanted.inc === undefined || wanted.inc.includes(actual),
    wanted.ninc === undefined || !wanted.ninc.includes(actual),
    wanted.pre === undefined || actual.startsWith(wanted.pre),
    wanted.suf === undefined || actual.endsWith(wanted.suf),
    wanted.gt === undefined || number > wanted.gt,
    wanted.gte === undefined || number >= wanted.gte,
    wanted.lt === undefined || number < wanted.lt,
    wanted.lte === undefined || number <= wanted.lte,
  ].every(Boolean);
}
