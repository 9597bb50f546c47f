import { nextAddress } from "../client/addresses.js";
import { Connection } from "../client/connection.js";
import { type Person, perform } from "../subjects/api.js";
import type { Row } from "../subjects/rows.js";
import type { RunningSubject, Subject } from "../subjects/subject.js";
import { closeConnections, createCallers, operationOf, type TestUsers } from "./test-users.js";

/** Requests per second, and CPU time of the process per request. */
export type Load = { perSecond: number; cpuMs: number };

/** Stays below every per-address limit. */
const loginsPerAddress = 20;
/** The part of a load that runs before the measurement, as a share of its duration. */
const warmUpShare = 1 / 4;

/** Every connection repeats a row as a separate person from its own address. */
export async function runLoad(
  subject: Subject,
  running: RunningSubject,
  users: TestUsers,
  row: Row,
  seconds: number,
): Promise<Load> {
  const operation = operationOf(subject, row);
  const callers = await createCallers(subject, running, users, row);
  const repeat = async (caller: Person, until: number): Promise<number> => {
    let count = 0;
    for (; performance.now() < until; count += 1) {
      if (row === "login" && count % loginsPerAddress === 0) changeAddress(caller, running.port);
      await perform(operation, caller);
    }
    return count;
  };
  const repeatAll = async (milliseconds: number) => {
    const until = performance.now() + milliseconds;
    const counts = await Promise.all(callers.map((caller) => repeat(caller, until)));
    return counts.reduce((sum, count) => sum + count, 0);
  };

  await repeatAll(seconds * 1000 * warmUpShare);
  const load = await measureLoad(running, () => repeatAll(seconds * 1000));
  closeConnections(callers);
  return load;
}

/** @param work returns the number of requests that it sent */
export async function measureLoad(running: RunningSubject, work: () => Promise<number>): Promise<Load> {
  await running.waitUntilIdle();
  const [before, start] = [await running.usage(), performance.now()];
  const requests = await work();
  const elapsedMs = performance.now() - start;
  await running.waitUntilIdle();
  const { cpuMs } = await running.usage();
  return { perSecond: (requests / elapsedMs) * 1000, cpuMs: (cpuMs - before.cpuMs) / requests };
}

function changeAddress(person: Person, port: number): void {
  person.connection.close();
  person.connection = new Connection(port, nextAddress());
}
