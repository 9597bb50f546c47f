import { outboxLimits } from "./limits.js";
import type { Settle } from "./outbox.js";
import type { Attempt, LeasedMail } from "./queries.js";

/** Attempts that one statement will write down; `limit` of all who brought them. */
type Group = { attempts: Attempt[]; limit: number; due: Promise<LeasedMail[]> };

/**
 * One `settle` for all runs of an instance. What ends while a statement is under way goes into the next, all of it
 * together, so that fifty mails at once need a few trips instead of fifty. Each run gets no more of the due mails
 * than it asked for; a fault comes to everybody of its group.
 */
export function settlingTogether(settle: Settle): Settle {
  let underWay: Promise<unknown> = Promise.resolve();
  let gathering: Group | undefined;

  function gather(): Group {
    const group: Group = {
      attempts: [],
      limit: 0,
      due: soonAfter(underWay).then(() => {
        gathering = undefined;
        return settle(group.attempts, group.limit);
      }),
    };
    underWay = group.due.catch(() => {});
    return group;
  }

  return async (attempts, limit) => {
    gathering ??= gather();
    const group = gathering;
    group.attempts.push(...attempts);
    group.limit += limit;
    return (await group.due).splice(0, limit);
  };
}

/** A database that hangs would keep those who wait for longer than their function may run. */
async function soonAfter(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = new Promise((resolve) => {
    timer = setTimeout(resolve, outboxLimits.gatherMs);
  });
  await Promise.race([work, soon]);
  clearTimeout(timer);
}
