import { randomBytes } from "node:crypto";
import { bundleFile } from "../machine/bundles.js";
import { launch } from "../machine/launch.js";
import { pgEnvironment } from "./database.js";
import { runningPeer } from "./running-peer.js";
import type { Subject } from "./subject.js";
import { tokenApi } from "./token-api.js";

const secret = { AUTH_SECRET: randomBytes(32).toString("base64url") };

export const nest: Subject = {
  id: "nest",
  title: "Nest tutorial app",
  api: tokenApi(201),
  async start(testbed, network) {
    const env = { ...(await pgEnvironment(testbed, network, "nest")), ...secret };
    return runningPeer(testbed, env, await launch(bundleFile(testbed.bundles, "nest/serve"), env));
  },
};
