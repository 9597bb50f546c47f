import { createLatchkey, createStore } from "@latchkey/client";
import { askForProof } from "./step-up/prompt.js";

/** Whether the client is waiting to retry because the server is overloaded. */
export const isRetrying = createStore(false);

let pendingRetries = 0;

export const latchkey = createLatchkey({
  onStepUp: askForProof,
  onWait(seconds) {
    pendingRetries += 1;
    isRetrying.set(true);
    setTimeout(() => {
      pendingRetries -= 1;
      if (pendingRetries === 0) isRetrying.set(false);
    }, seconds * 1000);
  },
});
