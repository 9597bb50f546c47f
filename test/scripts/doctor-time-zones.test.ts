import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../db/client.js";
import {
  comparedDays,
  describeTimeZones,
  differingZones,
  noonsByPostgres,
} from "../../scripts/doctor/time-zones.js";
import { type Stack, startStack } from "../stack/stack.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

test("npm run doctor names exactly the zones in which Node and Postgres have other clocks", async () => {
  const { DATABASE_URL: url = "", NEON_FETCH_ENDPOINT: endpoint } = stack.env;
  // Every version of Node and Postgres has the same data for these dates.
  const days = comparedDays(new Date("2021-01-15T12:00:00Z"));
  expect([days[0], days.at(-1)]).toEqual(["2021-02-01", "2023-01-01"]);
  const rows = await openDatabase({ url, endpoint }).many(noonsByPostgres(days));
  expect(differingZones(days, rows)).toEqual([]);

  const changed = rows.flatMap(({ timeZone, epochSeconds: [first = 0, ...others] }) => {
    if (timeZone === "Asia/Kathmandu") return [];
    const isVancouver = timeZone === "America/Vancouver";
    return [{ timeZone, epochSeconds: [isVancouver ? first + 3_600 : first, ...others] }];
  });
  expect(differingZones(days, changed)).toEqual(["America/Vancouver", "Asia/Kathmandu"]);
});

test("npm run doctor still tells the version of Node's data when the comparison fails", async () => {
  const url = String(stack.env["DATABASE_URL"]);
  const line = await describeTimeZones(openDatabase({ url, endpoint: "http://127.0.0.1:9/sql" }));
  expect(line).toMatch(
    /^Time zones: this Node has tzdata 20\w+\. Its clocks were not compared .*unreachable/,
  );
});
