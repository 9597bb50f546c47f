import { nextAddress } from "../client/addresses.js";
import { Connection } from "../client/connection.js";
import { act, actors, type Person, type repeatable } from "../subjects/dialect.js";
import type { Running, Subject } from "../subjects/subject.js";
import { type Crew, stepOf } from "./crew.js";

export type LoadedRow = (typeof repeatable)[number];
/** Requests a second, and the CPU time that the process took for one. */
export type Load = { perSecond: number; cpuMs: number };

/** Fewer than any limit by address allows at once. */
const loginsByAddress = 20;

/** All connections repeat a row for so long; each has an address, and where a row writes a person, of its own. */
export async function runLoad(
  subject: Subject,
  running: Running,
  { reader, crowd }: Crew,
  row: LoadedRow,
  seconds: number,
): Promise<Load> {
  const step = stepOf(subject, row);
  const kept = actors[row] === "reader" ? { kept: { ...reader.kept } } : {};
  const callers: Person[] = crowd.map((person) => Object.assign({ ...person }, kept));
  const repeat = async (caller: Person, original: Person, until: number): Promise<number> => {
    let done = 0;
    for (; performance.now() < until; done += 1) {
      if (row === "login" && done % loginsByAddress === 0) move(caller, running.port);
      await act(step, caller);
    }
    original.connection = caller.connection;
    return done;
  };
  const all = async (until: number) =>
    Promise.all(callers.map((caller, i) => repeat(caller, crowd[i] ?? caller, until)));

  await all(performance.now() + (seconds * 1000) / 4);
  await running.quiet();
  const [before, from] = [await running.usage(), performance.now()];
  const done = (await all(from + seconds * 1000)).reduce((sum, one) => sum + one, 0);
  const elapsed = performance.now() - from;
  await running.quiet();
  const { cpuMs } = await running.usage();
  return { perSecond: (done / elapsed) * 1000, cpuMs: (cpuMs - before.cpuMs) / done };
}

function move(person: Person, port: number): void {
  person.connection.close();
  person.connection = new Connection(port, nextAddress());
}
