import { unlessAborted } from "./abort.js";
import type { ProblemError } from "./problem-error.js";
import { createSessionEndedError } from "./session-errors.js";
import type { TabSession } from "./tab-session.js";

/**
 * Asks the person to prove who they are, usually in a dialog that calls `stepUp`. Resolves to true once that has
 * succeeded, and to false if the person cancels. The signal aborts when no request waits for the proof any longer.
 */
export type OnStepUp = (signal: AbortSignal) => Promise<boolean>;

/** A request that was refused with `step-up-required`, and the user who sent it. */
type Refused = { refusal: ProblemError; userId: string; signal: AbortSignal };

export type StepUpPrompt = {
  /** Waits for a proof. @throws the refusal if the person cancels, or `session-ended` */
  prove(refused: Refused): Promise<void>;
};

type Prompt = { isProven: Promise<boolean>; close: () => void; waiting: number };

/** One prompt at a time: requests that are refused while it is open wait for the same proof. */
export function createStepUpPrompt(
  ask: OnStepUp | undefined,
  session: Pick<TabSession, "userId" | "isSignedOut" | "subscribe">,
): StepUpPrompt {
  let open: Prompt | undefined;

  function openPrompt(askOnce: OnStepUp, userId: string): Prompt {
    const controller = new AbortController();
    const { signal } = controller;
    const close = () => controller.abort(createSessionEndedError());
    const unsubscribe = session.subscribe(() => {
      if (session.isSignedOut() || (session.userId() ?? userId) !== userId) close();
    });
    const asked = (async () => askOnce(signal))();
    const prompt: Prompt = {
      isProven: unlessAborted(asked, signal).finally(() => {
        unsubscribe();
        if (open === prompt) open = undefined;
      }),
      close,
      waiting: 0,
    };
    return prompt;
  }

  return {
    async prove({ refusal, userId, signal }) {
      if (!ask) throw refusal;
      open ??= openPrompt(ask, userId);
      const prompt = open;
      prompt.waiting += 1;
      try {
        if (!(await unlessAborted(prompt.isProven, signal))) throw refusal;
      } finally {
        prompt.waiting -= 1;
        if (prompt.waiting === 0 && open === prompt) prompt.close();
      }
    },
  };
}
