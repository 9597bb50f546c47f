import type { EventChainName } from "../../db/schema/event-chains.js";
import type { KeyRing } from "../crypto/keys.js";
import { checkMac, dayOf, type MacVerdict, sealAfter } from "./mac.js";
import type { ChainedEvent } from "./queries/rows.js";
import { eventRetentionDays } from "./retention.js";

const dayMs = 24 * 60 * 60 * 1000;

/** Progress through one chain, or the sentence that says what is wrong with it. */
export type ChainState =
  | { isIntact: true; name: string; seq: number; mac: string; last: ChainedEvent | null }
  | { isIntact: false; sentence: string };

const fault = (sentence: string): ChainState => ({ isIntact: false, sentence });

/** The name of a chain in its MACs. */
const nameOf = (chain: EventChainName, account: string): string => `${chain}\n${account}`;

/** "Security event 3 of account 019…". */
export const eventName = (chain: EventChainName, account: string, seq: number): string =>
  `${chain === "security" ? "Security" : "Admin"} event ${seq} of account ${account}`;

const notListed = "was signed with a secret that AUTH_SECRET does not list";

/** Checks the head that an event was read with, and begins at its checkpoint or, without one, at the start. */
export function beginChain(
  ring: KeyRing,
  chain: EventChainName,
  { account, head }: ChainedEvent,
): ChainState {
  const name = nameOf(chain, account);
  if (!head) return fault(`The head of the ${chain} events of account ${account} was removed.`);
  const { purgedSeq, purgedMac, purgedSeal } = head;
  if (purgedSeq === null && purgedMac === null && purgedSeal === null)
    return { isIntact: true, name, seq: 0, mac: "", last: null };
  const checkpoint = `The checkpoint of the ${chain} events of account ${account}`;
  if (purgedSeq === null || purgedMac === null || purgedSeal === null)
    return fault(`${checkpoint} was changed.`);
  const verdict = checkMac(ring, purgedSeal, ["purged", name, purgedSeq, purgedMac]);
  if (verdict === "unknown-secret") return fault(`${checkpoint} ${notListed}.`);
  // Someone who sets back the time of an event could have the purge delete and sign it, but not change the MAC's day.
  if (verdict === "wrong") return fault(`${checkpoint} was changed.`);
  const isOldEnough = dayOf(purgedSeal) - dayOf(purgedMac) >= (eventRetentionDays - 1) * dayMs;
  if (!isOldEnough) return fault(`${checkpoint} covers events that were too recent to be purged.`);
  return { isIntact: true, name, seq: purgedSeq, mac: purgedMac, last: null };
}

/** Checks the next event of the chain. */
export function checkEvent(
  ring: KeyRing,
  chain: EventChainName,
  state: ChainState,
  event: ChainedEvent,
): ChainState {
  if (!state.isIntact) return state;
  const { account, seq, mac, head } = event;
  const expected = state.seq + 1;
  if (seq < expected) return fault(`${eventName(chain, account, seq)} (id ${event.id}) was inserted.`);
  if (seq > expected) return fault(`${eventName(chain, account, expected)} was removed.`);
  const seal = state.seq === 0 ? "" : sealAfter(ring, state.name, state.seq, state.mac);
  const verdict: MacVerdict =
    mac === null || !isFrom(mac, event.createdAt)
      ? "wrong"
      : checkMac(ring, mac, ["event", state.name, seq, seal ?? "", event.covered]);
  const name = `${eventName(chain, account, seq)} (id ${event.id})`;
  if (verdict === "unknown-secret" || seal === null) return fault(`${name} ${notListed}.`);
  if (verdict === "wrong" || mac === null)
    return fault(`${name} was ${head && seq > head.seq ? "inserted" : "changed or inserted"}.`);
  return { ...state, seq, mac, last: event };
}

/** Checks that the chain ends where its head says. */
export function endChain(ring: KeyRing, chain: EventChainName, state: ChainState): ChainState {
  if (!state.isIntact || !state.last) return state;
  const { account, head, seq } = state.last;
  const isSeal = head?.seal === sealAfter(ring, state.name, seq, state.mac);
  if (isSeal && head.seq === seq) return state;
  return fault(
    head && head.seq > seq && !isSeal
      ? `${eventName(chain, account, seq + 1)} was removed.`
      : `The head of the ${chain} events of account ${account} was changed.`,
  );
}

/**
 * Whether a MAC was made about when the event says. So a stolen key of one day forges no event of another. The clocks
 * of the function and the database may differ by a day.
 */
const isFrom = (mac: string, createdAt: string): boolean =>
  Math.abs(Date.parse(createdAt) - (dayOf(mac) + dayMs / 2)) <= 1.5 * dayMs;
