import { amount } from "../machine/options.js";
import { type Network, networks } from "../machine/world.js";
import { connections } from "../measure/crew.js";
import { journey, repeatable, rows } from "../subjects/dialect.js";
import { costText } from "./cost.js";
import { goalsTable } from "./goals.js";
import { figure, table } from "./markdown.js";
import type { Results } from "./results-type.js";
import { coldTable, cpuTable, latencyTable, loadTable, memoryTable, tripsTable } from "./tables.js";

const journeyOnly = journey
  .filter((row) => !repeatable.includes(row))
  .map((row) => rows[row])
  .join(", ");

const peopleOf = (network: Network): string => {
  const { before, counted } = amount.loadPeople[network];
  return `${connections * counted} people a round, after ${connections * before} who are not counted`;
};

const how = `## How it is measured

- One PostgreSQL for all; each subject has a process and a database of its own. They take turns, one round of each after another, so that whatever the machine does meets all of them. All but the cold starts is warm: before it counts, each goes through every row, and through loads of the busiest.
- **Latchkey** and **Floor, same endpoint** are built functions behind the local Vercel server, which runs in their process: their latency and requests/s contain it alike. **functions alone** are the same files on @hono/node-server, the HTTP host of the others: nothing but the function and its host is in that process. CPU and the share of the floor are judged there; the local Neon endpoint and the local Resend are processes of their own and never counted.
- **Floor**: Hono, jose and argon2 (Latchkey's parameters) with the fewest statements there can be; no validation, limits or log. A bound, not a product.
- **better-auth** on Hono and pg: rate limit in the database with limits that refuse nothing, verified addresses required, bearer tokens. Its *me* is its own \`/get-session\`; *me, guarded route* is a route of the app that calls \`auth.api.getSession\`, which passes the limiter by. Its *refresh* reads a session whose \`updateAge\` is 0.
- **Nest tutorial app**: Drizzle on pg, @nestjs/jwt, throttler in memory, class-validator, bcryptjs with cost 12.
- Passwords: argon2id 19 MiB (Latchkey, floor), scrypt N=16384 r=16 (better-auth), bcrypt 12 (Nest). These are different work factors: what register, login and reset take is mostly that choice.
- All send their mails over HTTP to the local Resend, and no answer waits for that: Latchkey with the \`resend\` package over \`node:http\`, a letter in text and HTML, and writes down how it went (trips after the answer are written \`+ n\`); the others without a library, one line of text in one plain \`fetch\`. CPU time and requests/s contain that, latency does not (these rows wait for its end before their next request).
- The delay of ${networks.delayed} ms each way stands in front of Postgres for those on pg, in front of the Neon endpoint for those on HTTP.
- Every answer must have its expected status, a wrong password and a missing token must be refused, and a stranger must see none of the reader's tasks, or the run fails.`;

/** The whole of RESULTS.md. */
export function writeResults(results: Results): string {
  const trips = (["loopback", "delayed"] as const).map((network) => {
    const { pgMs, httpMs } = results.trip[network];
    return [network, figure(pgMs), figure(httpMs)];
  });
  return `${[
    "# Speed, side by side",
    "Written by `npm run bench`. Compare figures of one run only.",
    results.about.join("\n"),
    how,
    "## Goals",
    goalsTable(results),
    "## Trips to the database",
    "Counted one request at a time: at the Neon endpoint for those on HTTP (a request is a trip), at the driver for those on pg (statements; two at once are one trip). Of one trip, `select 1`, p50 in ms:",
    table(["", "on pg", "on HTTP"], trips),
    tripsTable(results),
    "## Latency on loopback",
    "p50 / p95 in ms, one request at a time; in brackets the lowest and highest median of a round.",
    latencyTable(results, "loopback"),
    `## Latency with ${networks.delayed} ms each way to the database`,
    latencyTable(results, "delayed"),
    `## Requests/s at ${connections} connections`,
    `Loopback: median of the rounds, and their range. The caller, Postgres and the endpoint share the machine with the subject. Most rows are repeated for ${amount.loadSeconds} s a round, after a quarter of that which is not counted; ${journeyOnly} are gone through once by ${peopleOf("loopback")}; ${amount.loadRoundsBefore.loopback} whole rounds before are not counted.`,
    loadTable(results, "loopback"),
    `The same with ${networks.delayed} ms each way, ${amount.loadRounds.delayed} rounds instead of ${amount.loadRounds.loopback}, ${peopleOf("delayed")}, ${amount.loadRoundsBefore.delayed} whole round before:`,
    loadTable(results, "delayed"),
    "## CPU ms a request",
    "User and system time of the process, in these loads on loopback; the threads on which V8 compiles and collects are in it.",
    cpuTable(results),
    "## Cold start",
    "A fresh process imports the bundle and answers a list of 20 tasks, its first trip to the database within. Median and range; from the first line of the process, and from its spawn to its exit.",
    coldTable(results),
    `## Memory after ${amount.reads} reads`,
    memoryTable(results),
    "## Cost of a million requests on Vercel and Neon",
    costText(results),
  ].join("\n\n")}\n`;
}
