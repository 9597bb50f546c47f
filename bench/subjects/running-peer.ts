import type { Launched } from "../machine/launch.js";
import type { Testbed } from "../machine/testbed.js";
import { emailedTokens, waitForPendingEmails } from "./emails.js";
import type { RunningSubject } from "./subject.js";

/**
 * A subject whose only work after a response is sending emails.
 * @param tripCount by default, trips are counted at the subject's own driver
 */
export const runningPeer = (
  testbed: Testbed,
  env: Record<string, string>,
  { port, usage, stop }: Launched,
  tripCount = async () => (await usage()).trips,
): RunningSubject => ({
  port,
  env,
  usage,
  stop,
  tripCount,
  waitUntilIdle: () => waitForPendingEmails(usage),
  emailedToken: emailedTokens(testbed),
});
