import { parseArgs } from "node:util";
import { type Row, repeatable } from "../subjects/rows.js";
import type { Network } from "./testbed.js";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    out: { type: "string" },
    profile: { type: "string" },
  },
});

/** People per connection in one round of journeys. The warm-up people are not counted. */
export type JourneyPeople = { warmUp: number; counted: number };

/** How much a run measures. */
export type Workload = {
  /** Rounds of single requests, which give latency and trips. */
  rounds: number;
  roundSize: { people: number; reads: number };
  /** Rounds of load at 16 connections. With 0, the network has no load tables. */
  loadRounds: Record<Network, number>;
  /** The rows that get loads. */
  loadRows: readonly Row[];
  /** Duration of one load of a repeatable row. */
  loadSeconds: number;
  /** Duration of each warm-up load. */
  warmUpSeconds: number;
  journeyPeople: Record<Network, JourneyPeople>;
  /** Whole rounds of journeys before the counted ones. */
  journeyWarmUpRounds: Record<Network, number>;
  coldStarts: number;
  /** Reads before memory is measured. */
  reads: number;
};

const full: Workload = {
  rounds: 6,
  roundSize: { people: 8, reads: 40 },
  loadRounds: { loopback: 7, delayed: 3 },
  loadRows: repeatable,
  loadSeconds: 3,
  warmUpSeconds: 6,
  journeyPeople: { loopback: { warmUp: 2, counted: 6 }, delayed: { warmUp: 1, counted: 3 } },
  journeyWarmUpRounds: { loopback: 6, delayed: 1 },
  coldStarts: 31,
  reads: 1000,
};

/** Without loads on the delayed network, which no goal uses, and without loads of rows that only Latchkey has. */
const quick: Workload = {
  rounds: 1,
  roundSize: { people: 3, reads: 12 },
  loadRounds: { loopback: 1, delayed: 0 },
  loadRows: ["me", "guardedMe", "list", "create", "refresh", "login"],
  loadSeconds: 1.5,
  warmUpSeconds: 1.5,
  journeyPeople: { loopback: { warmUp: 0, counted: 1 }, delayed: { warmUp: 0, counted: 0 } },
  journeyWarmUpRounds: { loopback: 0, delayed: 0 },
  coldStarts: 5,
  reads: 100,
};

export const isQuick = values.quick;
export const workload: Workload = isQuick ? quick : full;
export const outFile = values.out;
/** A folder for CPU profiles. With it, the run writes profiles and measures nothing. */
export const profileDir = values.profile;
