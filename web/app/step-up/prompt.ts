import { createStore, type OnStepUp, ProblemError } from "@latchkey/client";

/** A question that waits for the person: is it you? */
export type ProofRequest = { answer(isProven: boolean): void };

/** The question on screen. */
export const proofRequest = createStore<ProofRequest | undefined>(undefined);

let wasProven = false;

/** Shows the question. A sign-out answers it too. */
export const askForProof: OnStepUp = (signal) =>
  new Promise((resolve) => {
    const request: ProofRequest = {
      answer(isProven) {
        // Only the first answer counts: a dialog that a sign-out has removed may still report that it closed.
        if (proofRequest.get() !== request) return;
        wasProven = isProven;
        proofRequest.set(undefined);
        resolve(isProven);
      },
    };
    signal.addEventListener("abort", () => request.answer(false));
    proofRequest.set(request);
  });

/** Whether a request failed because the person chose not to answer, which needs no message. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof ProblemError && error.code === "step-up-required" && !wasProven;
