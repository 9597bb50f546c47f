import type { Amount } from "../machine/options.js";
import type { Network, World } from "../machine/world.js";
import { act, type Row, repeatable } from "../subjects/dialect.js";
import type { Running, Subject, SubjectId } from "../subjects/subject.js";
import { type Crew, checkHonesty, dismiss, gather, stepOf } from "./crew.js";
import { type Load, type LoadedRow, runLoad } from "./load.js";
import { runRound, type Stage } from "./round.js";

/** All that was measured of one subject on one network, round by round. */
export type Measured = { stages: Map<Row, Stage[]>; loads: Map<LoadedRow, Load[]>; rssBytes: number };
export type NetworkResult = Map<SubjectId, Measured>;

type Started = { subject: Subject; running: Running; crew: Crew; measured: Measured };

type Report = (line: string) => void;

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
    const loaded: readonly LoadedRow[] = network === "loopback" ? repeatable : ["me", "list"];
    // Reads first, in all their rounds: what writes leave to the database to clean up goes on for a while.
    for (const row of loaded) {
      report(`${network}: load, ${row}`);
      for (const one of started) await logInAgain(one);
      for (let round = 0; round < amount.loadRounds; round += 1) {
        for (const one of started) await takeLoad(one, row, amount.loadSeconds);
      }
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
  for (const row of repeatable) await runLoad(subject, running, crew, row, 2 * loadSeconds);
  await runRound(subject, running, crew, size);
}

async function takeRound({ subject, running, crew, measured }: Started, { size }: Amount): Promise<void> {
  for (const [row, stage] of await runRound(subject, running, crew, size)) {
    measured.stages.set(row, [...(measured.stages.get(row) ?? []), stage]);
  }
}

/** Tokens last for a quarter of an hour, less than what the loads before may take. */
async function logInAgain({ subject, crew }: Started): Promise<void> {
  await Promise.all(crew.crowd.map((person) => act(stepOf(subject, "login"), person)));
}

async function takeLoad({ subject, running, crew, measured }: Started, row: LoadedRow, seconds: number) {
  await act(stepOf(subject, "login"), crew.reader);
  const load = await runLoad(subject, running, crew, row, seconds);
  measured.loads.set(row, [...(measured.loads.get(row) ?? []), load]);
}
