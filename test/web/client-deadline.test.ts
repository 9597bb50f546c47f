import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { session } from "../../lib/auth/limits.js";
import { writeGraceSeconds } from "../../packages/client/src/pending-requests.js";
import { maxWaitSeconds, requestSeconds } from "../../packages/client/src/transport.js";

test("a request and one retry fit into the grace window, so a retried refresh gets the same successor", () => {
  expect(requestSeconds + maxWaitSeconds + requestSeconds).toBeLessThan(session.graceSeconds);
});

test("the README of the client names its deadline and its wait for pending writes", async () => {
  const readme = await readFile(new URL("../../packages/client/README.md", import.meta.url), "utf8");
  expect(readme).toContain(`did not respond within ${requestSeconds} seconds`);
  expect(readme).toContain(`others wait at most ${requestSeconds} seconds`);
  expect(writeGraceSeconds).toBe(2);
  expect(readme).toContain("Gives pending writes two seconds");
});
