import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Database } from "../../db/client.js";
import { DatabaseFault } from "../../db/fault.js";
import type { Query } from "../../db/query.js";
import { instantOf } from "../../lib/time/instant.js";
import { timeZoneNames } from "../../lib/time/time-zone-names.js";
import { tzdataVersion } from "../../lib/time/tzdata.js";

const monthCount = 24;
const time = "12:00";

/** Names without an area are links to these. Postgres reads some of them, such as CET, as the name of a fixed offset. */
const comparedNames = timeZoneNames.filter((name) => name.includes("/"));

const noonsRow = z.object({ timeZone: z.string(), epochSeconds: z.array(z.number()) });
type Noons = z.output<typeof noonsRow>;

/** The first day of each of the next months: Postgres has no function for the version of its time zone data. */
export function comparedDays(now: Date): string[] {
  const first = (month: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, 1));
  return Array.from({ length: monthCount }, (_, index) =>
    first(index + 1)
      .toISOString()
      .slice(0, 10),
  );
}

/** When Postgres thinks that it is noon on these days. */
export const noonsByPostgres = (days: string[]): Query<Noons> => ({
  name: "noonsByPostgres",
  statement: sql`
    select name as "timeZone",
           (select jsonb_agg(extract(epoch from (day || ' ' || ${time})::timestamp at time zone name) order by day)
              from unnest(${sql.param(days)}::text[]) as day) as "epochSeconds"
      from pg_timezone_names where name = any(${sql.param(comparedNames)}::text[])`,
  rowSchema: noonsRow,
  isReadOnly: true,
});

/** The zones in which Node and Postgres disagree, or that Postgres does not know. */
export function differingZones(days: string[], rows: Noons[]): string[] {
  const byPostgres = new Map(rows.map(({ timeZone, epochSeconds }) => [timeZone, epochSeconds.join()]));
  const byNode = (timeZone: string) =>
    days.map((date) => instantOf({ date, time, timeZone }).getTime() / 1_000).join();
  return comparedNames.filter((timeZone) => byPostgres.get(timeZone) !== byNode(timeZone));
}

async function compare(db: Database): Promise<string> {
  const days = comparedDays(new Date());
  try {
    const zones = differingZones(days, await db.many(noonsByPostgres(days)));
    const clocks = zones.length === 0 ? "the same clocks" : `other clocks in ${zones.join(", ")}`;
    return `For the next two years, Postgres has ${clocks}.`;
  } catch (error) {
    if (!(error instanceof DatabaseFault)) throw error;
    return `Its clocks were not compared with those of Postgres (${error.message}).`;
  }
}

/** One line for the operator. A difference is not a problem: functions compute instants, and Postgres stores them. */
export const describeTimeZones = async (db: Database): Promise<string> =>
  `Time zones: this Node has tzdata ${tzdataVersion()}. ${await compare(db)}`;
