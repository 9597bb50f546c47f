import { headerOf } from "../client/connection.js";
import { newPerson, type Person, perform } from "../subjects/api.js";
import { accountOf, type Row, rowNames } from "../subjects/rows.js";
import type { RunningSubject, Subject } from "../subjects/subject.js";
import { mean } from "./statistics.js";
import { operationOf, readerAndAdmin, readLinks, sharedUserOf, type TestUsers } from "./test-users.js";

/** One row in one round: its times, and the trips per request. `tripsBeforeResponse` are those the caller waits for. */
export type RowSample = { ms: number[]; trips: number; tripsBeforeResponse: number };

export type RoundSize = { people: number; reads: number };

const warmUpReads = 10;
/**
 * Subjects send emails after the response, which would slow down the next request. These rows wait for that. CPU time
 * and requests per second include it.
 */
const sendsEmail: ReadonlySet<Row> = new Set(["register", "resend", "forgot", "reset"]);

/** Measures every row of a subject, one request at a time. Row by row, each new person goes through all of them. */
export async function runRound(
  subject: Subject,
  running: RunningSubject,
  users: TestUsers,
  size: RoundSize,
): Promise<Map<Row, RowSample>> {
  const people = Array.from({ length: size.people }, () => newPerson(running.port));
  // Access tokens are valid for 15 minutes, which is less than a full run takes.
  for (const user of readerAndAdmin(users)) await perform(operationOf(subject, "login"), user);
  for (let i = 0; i < warmUpReads; i += 1) await perform(operationOf(subject, "list"), users.reader);

  const samples = new Map<Row, RowSample>();
  for (const row of rowNames.filter((name) => subject.api[name])) {
    if (row === "verify" || row === "reset") await readLinks(running, row, people);
    samples.set(row, await measureRow(subject, running, row, callersOf(row, users, people, size)));
  }
  for (const { connection } of people) connection.close();
  return samples;
}

function callersOf(row: Row, users: TestUsers, people: Person[], { reads }: RoundSize): Person[] {
  if (accountOf[row] === "each") return people;
  const user = sharedUserOf(row, users);
  return user ? Array.from({ length: reads }, () => user) : [];
}

async function measureRow(
  subject: Subject,
  running: RunningSubject,
  row: Row,
  callers: Person[],
): Promise<RowSample> {
  const operation = operationOf(subject, row);
  for (const { connection } of callers) await connection.open();
  const tripsAtStart = await running.tripCount();
  const ms: number[] = [];
  const reportedTrips: number[] = [];
  for (const caller of callers) {
    const performed = await perform(operation, caller);
    ms.push(performed.ms);
    // Latchkey reports the trips before its response in Server-Timing. It sends emails after the response.
    const reported = /desc="(\d+)"/.exec(headerOf(performed.response, "server-timing") ?? "")?.[1];
    if (reported !== undefined) reportedTrips.push(Number(reported));
    if (sendsEmail.has(row)) await running.waitUntilIdle();
  }
  await running.waitUntilIdle();
  const trips = ((await running.tripCount()) - tripsAtStart) / callers.length;
  return { ms, trips, tripsBeforeResponse: reportedTrips.length > 0 ? mean(reportedTrips) : trips };
}
