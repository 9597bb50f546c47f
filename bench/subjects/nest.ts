import { randomBytes } from "node:crypto";
import { bundleFile } from "../machine/bundles.js";
import { launch } from "../machine/launch.js";
import { pgEnvironment } from "./database.js";
import { runningPeer } from "./running-peer.js";
import type { Subject } from "./subject.js";
import { tokenDialect } from "./token-dialect.js";

const secret = { AUTH_SECRET: randomBytes(32).toString("base64url") };

export const nest: Subject = {
  id: "nest",
  title: "Nest tutorial app",
  dialect: tokenDialect(201),
  async start(world, network) {
    const env = { ...(await pgEnvironment(world, network, "nest")), ...secret };
    return runningPeer(world, env, await launch(bundleFile(world.bundles, "nest/serve"), env));
  },
};
