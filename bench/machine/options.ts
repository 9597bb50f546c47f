import { parseArgs } from "node:util";
import type { Network } from "./world.js";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    out: { type: "string" },
    profile: { type: "string" },
  },
});

/** At each connection, in a round of a load; those who go before are not counted. */
export type LoadPeople = { before: number; counted: number };

/** How much is measured: rounds of people and reads, loads, fresh processes. */
export type Amount = {
  rounds: number;
  size: { people: number; reads: number };
  loadRounds: Record<Network, number>;
  /** Of a row that can be repeated. */
  loadSeconds: number;
  /** For a row that a person goes through once. */
  loadPeople: Record<Network, LoadPeople>;
  /** Of those people, before it counts. */
  loadRoundsBefore: Record<Network, number>;
  coldStarts: number;
  /** Before the memory is read. */
  reads: number;
};

const full: Amount = {
  rounds: 6,
  size: { people: 8, reads: 40 },
  loadRounds: { loopback: 7, delayed: 3 },
  loadSeconds: 3,
  loadPeople: { loopback: { before: 2, counted: 6 }, delayed: { before: 1, counted: 3 } },
  loadRoundsBefore: { loopback: 6, delayed: 1 },
  coldStarts: 31,
  reads: 1000,
};
const quick: Amount = {
  rounds: 2,
  size: { people: 2, reads: 8 },
  loadRounds: { loopback: 1, delayed: 1 },
  loadSeconds: 0.6,
  loadPeople: { loopback: { before: 1, counted: 1 }, delayed: { before: 1, counted: 1 } },
  loadRoundsBefore: { loopback: 1, delayed: 1 },
  coldStarts: 3,
  reads: 100,
};

export const amount: Amount = values.quick ? quick : full;
export const isQuick = values.quick;
export const outFile = values.out;
/** A folder for CPU profiles; nothing else is done then. */
export const profileDir = values.profile;
