import type { Amount, LoadPeople } from "../machine/options.js";
import type { Network, World } from "../machine/world.js";
import { act, type Row, repeatable } from "../subjects/dialect.js";
import type { Running, Subject, SubjectId } from "../subjects/subject.js";
import { type Crew, checkHonesty, dismiss, gather, regularsOf, stepOf } from "./crew.js";
import { type Load, runJourneys, runLoad } from "./load.js";
import { runRound, type Stage } from "./round.js";

/** All that was measured of one subject on one network, round by round. */
export type Measured = { stages: Map<Row, Stage[]>; loads: Map<Row, Load[]>; rssBytes: number };
export type NetworkResult = Map<SubjectId, Measured>;

type Started = { subject: Subject; running: Running; crew: Crew; measured: Measured };

type Report = (line: string) => void;

const warming = ["me", "list", "create", "refresh", "login"] as const;

/** Runs the subjects side by side, A B C A B C: whatever the machine does meets all of them. */
export async function measureNetwork(
  world: World,
  network: Network,
  subjects: readonly Subject[],
  amount: Amount,
  report: Report,
): Promise<NetworkResult> {
  const started: Started[] = [];
  try {
    for (const subject of subjects) {
      report(`${network}: starting ${subject.title}`);
      started.push(await start(world, network, subject, amount));
    }
    for (let round = 0; round < amount.rounds; round += 1) {
      report(`${network}: round ${round + 1} of ${amount.rounds}`);
      for (const one of started) await takeRound(one, amount);
    }
    const loadRounds = amount.loadRounds[network];
    const loadPeople = amount.loadPeople[network];
    for (const row of repeatable) {
      report(`${network}: load, ${row}`);
      const having = started.filter(({ subject }) => subject.dialect[row]);
      for (const one of having) await logInAgain(one);
      for (let round = 0; round < loadRounds; round += 1) {
        for (const one of having) await takeLoad(one, row, amount.loadSeconds);
      }
    }
    // A function that has code of its own is compiled by its own requests only: after a hundred people it takes twice
    // of what it takes after a thousand.
    for (let round = 0; round < amount.loadRoundsBefore[network]; round += 1) {
      report(`${network}: journeys, not counted`);
      for (const { subject, running } of started) await runJourneys(subject, running, loadPeople);
    }
    for (let round = 0; round < loadRounds; round += 1) {
      report(`${network}: journeys, round ${round + 1} of ${loadRounds}`);
      for (const one of started) await takeJourneys(one, loadPeople);
    }
    return new Map(started.map(({ subject, measured }) => [subject.id, measured]));
  } finally {
    for (const { running, crew } of started) {
      dismiss(crew);
      await running.stop();
    }
  }
}

async function start(world: World, network: Network, subject: Subject, amount: Amount): Promise<Started> {
  const running = await subject.start(world, network);
  try {
    const crew = await gather(subject, running, true);
    await checkHonesty(subject, running, crew);
    const reads = network === "loopback" ? amount.reads : 0;
    for (let i = 0; i < reads; i += 1) await act(stepOf(subject, "me"), crew.reader);
    const { rssBytes } = await running.usage();
    const started = { subject, running, crew, measured: { stages: new Map(), loads: new Map(), rssBytes } };
    await warmUp(started, amount);
    return started;
  } catch (cause) {
    await running.stop();
    throw new Error(`${subject.title} on ${network}`, { cause });
  }
}

/** Until the compiler has seen enough: the rates of the first seconds are half of those that stay. */
async function warmUp({ subject, running, crew }: Started, { size, loadSeconds }: Amount): Promise<void> {
  for (const row of warming) await runLoad(subject, running, crew, row, 2 * loadSeconds);
  await runRound(subject, running, crew, size);
}

async function takeRound({ subject, running, crew, measured }: Started, { size }: Amount): Promise<void> {
  for (const [row, stage] of await runRound(subject, running, crew, size)) {
    measured.stages.set(row, [...(measured.stages.get(row) ?? []), stage]);
  }
}

/** Tokens last for a quarter of an hour, less than what the loads before may take. */
async function logInAgain({ subject, crew }: Started): Promise<void> {
  const people = [...regularsOf(crew), ...crew.crowd];
  await Promise.all(people.map((person) => act(stepOf(subject, "login"), person)));
}

async function takeLoad({ subject, running, crew, measured }: Started, row: Row, seconds: number) {
  keep(measured, row, await runLoad(subject, running, crew, row, seconds));
}

async function takeJourneys({ subject, running, measured }: Started, loadPeople: LoadPeople) {
  for (const [row, load] of await runJourneys(subject, running, loadPeople)) keep(measured, row, load);
}

const keep = ({ loads }: Measured, row: Row, load: Load) => loads.set(row, [...(loads.get(row) ?? []), load]);
