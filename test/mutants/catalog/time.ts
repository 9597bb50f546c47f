import type { MutantsByFile } from "../mutant.js";
import { alwaysReturn, setValue } from "../operators/value.js";

/** Time zones, wall times and their instants. */
export const time: MutantsByFile = {
  "lib/time/instant.ts": [
    {
      name: "of two equal wall times, the later one counts",
      edit: setValue({ of: "instantOf.disambiguation", to: '"later"' }),
      tests: ["lib/time/instant"],
    },
    {
      name: "a wall time in a gap moves backward",
      edit: setValue({ of: "instantOf.disambiguation", to: '"earlier"' }),
      tests: ["lib/time/instant"],
    },
    {
      name: "days begin in UTC",
      edit: alwaysReturn({ from: "startOfDay", value: "new Date(date)" }),
      tests: ["lib/time/instant"],
    },
    {
      name: "the date is that of UTC",
      edit: alwaysReturn({ from: "dateIn", value: "instant.toISOString().slice(0, 10)" }),
      tests: ["lib/time/instant"],
    },
  ],
  "lib/time/time-zone-names.ts": [
    {
      name: "any text is a time zone",
      edit: alwaysReturn({ from: "timeZoneNamed", value: "name" }),
      tests: ["lib/time/wall-time"],
    },
  ],
  "lib/time/date-range.ts": [
    {
      name: "dates may be in any year from 1",
      edit: setValue({ of: "firstDate", to: '"0001-01-01"' }),
      tests: ["lib/time/wall-time"],
    },
  ],
};
