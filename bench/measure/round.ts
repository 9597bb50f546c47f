import { headerOf } from "../client/connection.js";
import { act, actors, newPerson, type Person, type Row, rowNames } from "../subjects/dialect.js";
import type { Running, Subject } from "../subjects/subject.js";
import { type Crew, readLinks, regularOf, regularsOf, stepOf } from "./crew.js";
import { mean } from "./statistics.js";

/** A row of one round: its times, and the trips of a request. `answeredTrips` are those that the caller waited for. */
export type Stage = { ms: number[]; trips: number; answeredTrips: number };

export type RoundSize = { people: number; reads: number };

const warmUps = 10;
/** Who mails after its answer would do so during the next request. What it costs is in its CPU time, and under load. */
const mailing: ReadonlySet<Row> = new Set(["register", "resend", "forgot", "reset"]);

/** Measures every row of a subject, one request at a time; each person goes through all of it, row by row. */
export async function runRound(
  subject: Subject,
  running: Running,
  crew: Crew,
  size: RoundSize,
): Promise<Map<Row, Stage>> {
  const people = Array.from({ length: size.people }, () => newPerson(running.port));
  // Access tokens are good for 15 minutes, and a run takes longer.
  for (const regular of regularsOf(crew)) await act(stepOf(subject, "login"), regular);
  for (let i = 0; i < warmUps; i += 1) await act(stepOf(subject, "list"), crew.reader);

  const stages = new Map<Row, Stage>();
  for (const row of rowNames.filter((name) => subject.dialect[name])) {
    if (row === "verify" || row === "reset") await readLinks(running, row, people);
    stages.set(row, await measureStage(subject, running, row, actorsOf(row, crew, people, size)));
  }
  for (const { connection } of people) connection.close();
  return stages;
}

function actorsOf(row: Row, crew: Crew, people: Person[], { reads }: RoundSize): Person[] {
  if (actors[row] === "each") return people;
  const regular = regularOf(row, crew);
  return regular ? Array.from({ length: reads }, () => regular) : [];
}

async function measureStage(subject: Subject, running: Running, row: Row, who: Person[]): Promise<Stage> {
  const step = stepOf(subject, row);
  for (const { connection } of who) await connection.open();
  const trips = await running.trips();
  const ms: number[] = [];
  const told: number[] = [];
  for (const person of who) {
    const acted = await act(step, person);
    ms.push(acted.ms);
    // Latchkey says how many trips lie before its answer; mails are sent after it.
    const said = /desc="(\d+)"/.exec(headerOf(acted.answer, "server-timing") ?? "")?.[1];
    if (said !== undefined) told.push(Number(said));
    if (mailing.has(row)) await running.quiet();
  }
  await running.quiet();
  const counted = ((await running.trips()) - trips) / who.length;
  return {
    ms,
    trips: counted,
    answeredTrips: told.length > 0 ? mean(told) : counted,
  };
}
