import { expect, test } from "vitest";
import { createPendingRequests } from "../src/pending-requests.js";

function createGate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

test("waits for every request, including those tracked during the wait", async () => {
  const pending = createPendingRequests();
  const [first, second] = [createGate(), createGate()];
  const steps: string[] = [];
  void pending.track(first.passed).then(() => {
    steps.push("first");
    void pending.track(second.passed).then(() => steps.push("second"));
  });
  const all = pending.allSettled().then(() => steps.push("all"));
  first.open();
  await new Promise((resolve) => setTimeout(resolve));
  expect(steps).toEqual(["first"]);
  second.open();
  await all;
  expect(steps).toEqual(["first", "second", "all"]);
});

test("waits for a request that fails, and leaves the failure to its caller", async () => {
  const pending = createPendingRequests();
  const failure = pending.track(Promise.reject(new Error("refused")));
  await pending.allSettled();
  await expect(failure).rejects.toThrow("refused");
});
