import type { JourneyPeople } from "../machine/workload.js";
import { newPerson, type Person, perform } from "../subjects/api.js";
import { journey, type Row, repeatable } from "../subjects/rows.js";
import type { RunningSubject, Subject } from "../subjects/subject.js";
import { type Load, measureLoad } from "./load.js";
import { connections, operationOf, readLinks } from "./test-users.js";

/**
 * Loads the rows that a person goes through once. Every connection takes its people through them, one by one.
 * The first people are not counted: a process that idled while the others ran recompiles some of its functions, and
 * opens its connections again.
 */
export async function runJourneys(
  subject: Subject,
  running: RunningSubject,
  { warmUp, counted }: JourneyPeople,
): Promise<Map<Row, Load>> {
  const [warmUpPeople, countedPeople] = [
    peoplePerConnection(running, warmUp),
    peoplePerConnection(running, counted),
  ];
  const people = [warmUpPeople, countedPeople].flat(2);
  const loads = new Map<Row, Load>();
  for (const row of journey.filter((name) => subject.api[name])) {
    if (row === "verify" || row === "reset") await readLinks(running, row, people);
    for (const { connection } of people) await connection.open();
    await performAll(subject, row, warmUpPeople);
    const load = await measureLoad(running, () => performAll(subject, row, countedPeople));
    if (!repeatable.includes(row)) loads.set(row, load);
  }
  for (const { connection } of people) connection.close();
  return loads;
}

const peoplePerConnection = ({ port }: RunningSubject, count: number): Person[][] =>
  Array.from({ length: connections }, () => Array.from({ length: count }, () => newPerson(port)));

/** @returns the number of requests */
async function performAll(subject: Subject, row: Row, groups: readonly Person[][]): Promise<number> {
  await Promise.all(groups.map((people) => performInTurn(subject, row, people)));
  return groups.flat().length;
}

async function performInTurn(subject: Subject, row: Row, people: readonly Person[]): Promise<void> {
  for (const person of people) await perform(operationOf(subject, row), person);
}
