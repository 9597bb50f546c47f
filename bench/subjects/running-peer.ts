import type { Launched } from "../machine/launch.js";
import type { World } from "../machine/world.js";
import { mailedLinks, mailsSent } from "./mail.js";
import type { Running } from "./subject.js";

/** Who after an answer does nothing but send mails. @param trips counted at its driver, unless somebody else does */
export const runningPeer = (
  world: World,
  env: Record<string, string>,
  { port, usage, stop }: Launched,
  trips = async () => (await usage()).trips,
): Running => ({
  port,
  env,
  usage,
  stop,
  trips,
  quiet: () => mailsSent(usage),
  link: mailedLinks(world),
});
