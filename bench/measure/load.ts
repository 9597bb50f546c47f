import { nextAddress } from "../client/addresses.js";
import { Connection } from "../client/connection.js";
import type { LoadPeople } from "../machine/options.js";
import { act, journey, newPerson, type Person, type Row, repeatable } from "../subjects/dialect.js";
import type { Running, Subject } from "../subjects/subject.js";
import { type Crew, connections, readLinks, regularOf, stepOf } from "./crew.js";

/** Requests a second, and the CPU time that the process took for one. */
export type Load = { perSecond: number; cpuMs: number };

/** Fewer than any limit by address allows at once. */
const loginsByAddress = 20;

/** All connections repeat a row for so long; each has an address, and where a row writes a person, of its own. */
export async function runLoad(
  subject: Subject,
  running: Running,
  crew: Crew,
  row: Row,
  seconds: number,
): Promise<Load> {
  const step = stepOf(subject, row);
  const regular = regularOf(row, crew);
  const kept = regular ? { kept: { ...regular.kept } } : {};
  const callers: Person[] = crew.crowd.map((person) => Object.assign({ ...person }, kept));
  const repeat = async (caller: Person, original: Person, until: number): Promise<number> => {
    let done = 0;
    for (; performance.now() < until; done += 1) {
      if (row === "login" && done % loginsByAddress === 0) move(caller, running.port);
      await act(step, caller);
    }
    original.connection = caller.connection;
    return done;
  };
  const all = async (milliseconds: number) => {
    const until = performance.now() + milliseconds;
    const done = await Promise.all(
      callers.map((caller, i) => repeat(caller, crew.crowd[i] ?? caller, until)),
    );
    return done.reduce((sum, one) => sum + one, 0);
  };

  await all((seconds * 1000) / 4);
  return weigh(running, () => all(seconds * 1000));
}

/**
 * Loads of the rows that a person goes through once: each connection sees some people through them, one by one.
 * The first of them are not counted, like the first part of `runLoad`: a process that has idled while the others had
 * their turns compiles some of its functions again, and connects anew.
 */
export async function runJourneys(
  subject: Subject,
  running: Running,
  { before, counted }: LoadPeople,
): Promise<Map<Row, Load>> {
  const inTurn = (atOne: number) =>
    Array.from({ length: connections }, () => Array.from({ length: atOne }, () => newPerson(running.port)));
  const [first, others] = [inTurn(before), inTurn(counted)];
  const people = [first, others].flat(2);
  const loads = new Map<Row, Load>();
  for (const row of journey.filter((name) => subject.dialect[name])) {
    if (row === "verify" || row === "reset") await readLinks(running, row, people);
    for (const { connection } of people) await connection.open();
    await actInTurn(subject, row, first);
    const load = await weigh(running, () => actInTurn(subject, row, others));
    if (!repeatable.includes(row)) loads.set(row, load);
  }
  for (const { connection } of people) connection.close();
  return loads;
}

/** @returns how many requests it was */
async function actInTurn(subject: Subject, row: Row, inTurn: readonly Person[][]): Promise<number> {
  await Promise.all(inTurn.map((some) => actOneByOne(subject, row, some)));
  return inTurn.flat().length;
}

async function actOneByOne(subject: Subject, row: Row, people: readonly Person[]): Promise<void> {
  for (const person of people) await act(stepOf(subject, row), person);
}

/** @param work says how many requests it was */
async function weigh(running: Running, work: () => Promise<number>): Promise<Load> {
  await running.quiet();
  const [before, from] = [await running.usage(), performance.now()];
  const done = await work();
  const elapsed = performance.now() - from;
  await running.quiet();
  const { cpuMs } = await running.usage();
  return { perSecond: (done / elapsed) * 1000, cpuMs: (cpuMs - before.cpuMs) / done };
}

function move(person: Person, port: number): void {
  person.connection.close();
  person.connection = new Connection(port, nextAddress());
}
