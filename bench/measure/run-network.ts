import type { Network, Testbed } from "../machine/testbed.js";
import type { Workload } from "../machine/workload.js";
import type { Row } from "../subjects/rows.js";
import type { Subject, SubjectId } from "../subjects/subject.js";
import { runJourneys } from "./journeys.js";
import { type Load, runLoad } from "./load.js";
import { runRound } from "./round.js";
import { type Measurements, type StartedSubject, startSubject } from "./start-subject.js";
import type { StepTimer } from "./step-timer.js";
import { closeConnections, readerAndAdmin } from "./test-users.js";

export type NetworkResult = Map<SubjectId, Measurements>;

/** Runs the subjects in turns, A B C A B C, so that noise on the machine affects all of them. */
export async function runNetwork(
  testbed: Testbed,
  network: Network,
  subjects: readonly Subject[],
  workload: Workload,
  timer: StepTimer,
): Promise<NetworkResult> {
  const started: StartedSubject[] = [];
  try {
    for (const subject of subjects) {
      timer.begin(`${network}: start and warm-up`, subject.title);
      started.push(await startSubject(testbed, network, subject, workload));
    }
    await runRounds(network, started, workload, timer);
    if (workload.loadRounds[network] > 0) {
      await runLoads(network, started, workload, timer);
      await runAllJourneys(network, started, workload, timer);
    }
    return new Map(started.map(({ subject, measurements }) => [subject.id, measurements]));
  } finally {
    for (const { running, users } of started) {
      closeConnections(readerAndAdmin(users));
      await running.stop();
    }
  }
}

async function runRounds(network: Network, started: StartedSubject[], workload: Workload, timer: StepTimer) {
  for (let round = 1; round <= workload.rounds; round += 1) {
    timer.begin(`${network}: single requests`, `round ${round} of ${workload.rounds}`);
    for (const { subject, running, users, measurements } of started) {
      for (const [row, sample] of await runRound(subject, running, users, workload.roundSize)) {
        measurements.samples.set(row, [...(measurements.samples.get(row) ?? []), sample]);
      }
    }
  }
}

async function runLoads(network: Network, started: StartedSubject[], workload: Workload, timer: StepTimer) {
  for (const row of workload.loadRows) {
    timer.begin(`${network}: load`, row);
    const supporting = started.filter(({ subject }) => subject.api[row]);
    for (let round = 0; round < workload.loadRounds[network]; round += 1) {
      for (const { subject, running, users, measurements } of supporting) {
        addLoad(measurements, row, await runLoad(subject, running, users, row, workload.loadSeconds));
      }
    }
  }
}

/**
 * Journeys have code that no other load reaches, and only their own requests make V8 optimize it. After a hundred
 * people a request takes twice the CPU time that it takes after a thousand, hence the warm-up rounds.
 */
async function runAllJourneys(
  network: Network,
  started: StartedSubject[],
  workload: Workload,
  timer: StepTimer,
) {
  const people = workload.journeyPeople[network];
  const warmUpRounds = workload.journeyWarmUpRounds[network];
  for (let round = 1; round <= warmUpRounds; round += 1) {
    timer.begin(`${network}: journeys`, `warm-up round ${round} of ${warmUpRounds}`);
    for (const { subject, running } of started) await runJourneys(subject, running, people);
  }
  const rounds = workload.loadRounds[network];
  for (let round = 1; round <= rounds; round += 1) {
    timer.begin(`${network}: journeys`, `round ${round} of ${rounds}`);
    for (const { subject, running, measurements } of started) {
      for (const [row, load] of await runJourneys(subject, running, people)) addLoad(measurements, row, load);
    }
  }
}

const addLoad = ({ loads }: Measurements, row: Row, load: Load) =>
  loads.set(row, [...(loads.get(row) ?? []), load]);
