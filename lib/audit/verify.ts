import type { Database } from "../../db/client.js";
import { type EventChainName, eventChainNames } from "../../db/schema/event-chains.js";
import type { KeyRing } from "../crypto/keys.js";
import { beginChain, type ChainState, checkEvent, endChain, eventName } from "./check-chain.js";
import {
  type ChainedEvent,
  type ChainHead,
  type Place,
  selectChainedEvents,
  selectFirstChained,
  selectHeads,
  selectUnchained,
} from "./queries/rows.js";

export type Audit = {
  ring: KeyRing;
  /** A database per batch, because each has one deadline. */
  open: () => Database;
  /** Until when the database accepts events without a MAC. By default, one day after the first event with one. */
  unchainedUntil?: Date | undefined;
};

export type AuditReport = {
  /** One sentence per damaged chain: the first event that was changed, removed or inserted. */
  faults: string[];
  chained: number;
  unchained: number;
};

/** The list of damaged chains ends here: a wrong secret would damage all. */
const maxFaults = 20;

/** A purge or a deletion between two batches looks like damage, so a damaged chain is read again. */
const attempts = 3;

/** Reads all events in bounded memory and checks every chain. Safe while the functions run. */
export async function verifyAudit(audit: Audit): Promise<AuditReport> {
  const report: AuditReport = { faults: [], chained: 0, unchained: 0 };
  for (const chain of eventChainNames) {
    for (const check of [checkEvents, checkHeads, checkUnchained]) {
      for await (const sentence of check(audit, chain, report)) {
        report.faults.push(sentence);
        if (report.faults.length === maxFaults) return report;
      }
    }
  }
  return report;
}

type Check = AsyncGenerator<string>;

async function* checkEvents(audit: Audit, chain: EventChainName, report: AuditReport): Check {
  let account: string | undefined;
  let state: ChainState | undefined;
  for await (const event of chainedEvents(audit, chain, null)) {
    report.chained += 1;
    if (event.account !== account) {
      if (account && state) yield* confirmed(audit, chain, account, endChain(audit.ring, chain, state));
      account = event.account;
      state = beginChain(audit.ring, chain, event);
    }
    if (state) state = checkEvent(audit.ring, chain, state, event);
  }
  if (account && state) yield* confirmed(audit, chain, account, endChain(audit.ring, chain, state));
}

/** Reads a damaged chain again, on its own. */
async function* confirmed(audit: Audit, chain: EventChainName, account: string, found: ChainState): Check {
  let state = found;
  for (let attempt = 1; attempt < attempts && !state.isIntact; attempt += 1) {
    let next: ChainState | undefined;
    for await (const event of chainedEvents(audit, chain, account)) {
      next = checkEvent(audit.ring, chain, next ?? beginChain(audit.ring, chain, event), event);
    }
    // Without events, the chain was purged or deleted, or `checkHeads` reports it.
    if (!next) return;
    state = endChain(audit.ring, chain, next);
  }
  if (!state.isIntact) yield state.sentence;
}

async function* chainedEvents(
  { open }: Audit,
  chain: EventChainName,
  account: string | null,
): AsyncGenerator<ChainedEvent> {
  let after: Place | null = null;
  for (;;) {
    const events: ChainedEvent[] = await open().many(selectChainedEvents(chain, after, account));
    yield* events;
    after = events.at(-1) ?? null;
    if (!after) return;
  }
}

/** Finds heads whose chain has lost all events. */
async function* checkHeads({ open }: Audit, chain: EventChainName): Check {
  let after: string | null = null;
  for (;;) {
    const heads: ChainHead[] = await open().many(selectHeads(chain, after));
    for (const { account, seq, isEmpty } of heads)
      if (isEmpty) yield `${eventName(chain, account, seq)} was removed, and so was every event before it.`;
    after = heads.at(-1)?.account ?? null;
    if (!after) return;
  }
}

const dayMs = 24 * 60 * 60 * 1000;

/** Functions of the release before write events without a MAC until the deployment is over. */
async function* checkUnchained(audit: Audit, chain: EventChainName, report: AuditReport): Check {
  const { createdAt } = await audit.open().exactlyOne(selectFirstChained);
  const until = audit.unchainedUntil ?? (createdAt && new Date(Date.parse(createdAt) + dayMs));
  const iso = until ? until.toISOString() : null;
  const { count, first } = await audit.open().exactlyOne(selectUnchained(chain, iso));
  report.unchained += count;
  if (first) yield `The ${chain} event ${first.id} of account ${first.account} has no MAC: it was inserted.`;
}
