import type { Network, Testbed } from "../machine/testbed.js";
import type { Workload } from "../machine/workload.js";
import { perform } from "../subjects/api.js";
import type { Row } from "../subjects/rows.js";
import type { RunningSubject, Subject } from "../subjects/subject.js";
import { type Load, runLoad } from "./load.js";
import { type RowSample, runRound } from "./round.js";
import { checkAuthorization, createTestUsers, operationOf, type TestUsers } from "./test-users.js";

/** The measurements of one subject on one network, round by round. */
export type Measurements = { samples: Map<Row, RowSample[]>; loads: Map<Row, Load[]>; rssBytes: number };

export type StartedSubject = {
  subject: Subject;
  running: RunningSubject;
  users: TestUsers;
  measurements: Measurements;
};

const readRows = ["me", "list"] as const;
const writeRows = ["create", "refresh", "login"] as const;

/**
 * Starts a subject and warms it up: in its first seconds a process reaches half the rate that it reaches once V8 has
 * optimized its code.
 */
export async function startSubject(
  testbed: Testbed,
  network: Network,
  subject: Subject,
  workload: Workload,
): Promise<StartedSubject> {
  const running = await subject.start(testbed, network);
  try {
    const users = await createTestUsers(subject, running);
    await checkAuthorization(subject, running, users);
    const reads = network === "loopback" ? workload.reads : 0;
    for (let i = 0; i < reads; i += 1) await perform(operationOf(subject, "me"), users.reader);
    const { rssBytes } = await running.usage();
    const warmUpRows = workload.loadRounds[network] > 0 ? [...readRows, ...writeRows] : readRows;
    for (const row of warmUpRows) await runLoad(subject, running, users, row, workload.warmUpSeconds);
    await runRound(subject, running, users, workload.roundSize);
    const measurements = { samples: new Map(), loads: new Map(), rssBytes };
    return { subject, running, users, measurements };
  } catch (cause) {
    await running.stop();
    throw new Error(`${subject.title} on ${network}`, { cause });
  }
}
