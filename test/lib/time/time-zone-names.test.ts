import { afterAll, beforeAll, expect, test } from "vitest";
import { timeZoneNamed, timeZoneNames } from "../../../lib/time/time-zone-names.js";
import { type Stack, startStack } from "../../stack/stack.js";

/** Zones that IANA added after the data of the oldest supported Node: 20.19.0 has 2025a, and 22.0.0 has 2024a. */
const tooNew = ["America/Coyhaique"];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

function isKnownToIntl(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

test("names are unique in any case, and sorted, those without an area first", () => {
  expect(new Set(timeZoneNames.map((name) => name.toLowerCase())).size).toBe(timeZoneNames.length);
  const keys = timeZoneNames.map((name) => (name.includes("/") ? name : `/${name}`));
  expect(keys).toEqual([...keys].sort());
});

test("this version of Node knows every name, and lists no other zone", () => {
  expect(timeZoneNames.filter((name) => !isKnownToIntl(name))).toEqual([]);
  const listed = new Set([...timeZoneNames, ...tooNew]);
  expect(Intl.supportedValuesOf("timeZone").filter((name) => !listed.has(name))).toEqual([]);
});

test("the names are those that both Postgres and Node know, with the spelling of Postgres", async () => {
  const rows = await stack.sql("select name from pg_timezone_names");
  const known = rows.map(({ name }) => String(name)).filter(isKnownToIntl);
  expect([...timeZoneNames].sort()).toEqual(known.filter((name) => !tooNew.includes(name)).sort());
});

test.each([
  ["europe/copenhagen", "Europe/Copenhagen"],
  ["AMERICA/ARGENTINA/BUENOS_AIRES", "America/Argentina/Buenos_Aires"],
  ["asia/calcutta", "Asia/Calcutta"],
  ["etc/gmt+5", "Etc/GMT+5"],
  ["utc", "UTC"],
])("%s is %s", (name, spelling) => {
  expect(timeZoneNamed(name)).toBe(spelling);
});

test.each([
  "",
  " UTC",
  "Europe",
  "/UTC",
  "+01:00",
  "-0800",
  "UTC+1",
  "localtime",
  "posixrules",
  "Factory",
  "SystemV/EST5",
  "Etc/Unknown",
  "posix/UTC",
  "constructor",
])("%j is not a name", (name) => {
  expect(timeZoneNamed(name)).toBeUndefined();
});
