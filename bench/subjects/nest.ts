import { randomBytes } from "node:crypto";
import { bundleFile } from "../machine/bundles.js";
import { launch } from "../machine/launch.js";
import { pgEnvironment } from "./database.js";
import { runningOnPg } from "./peer-mail.js";
import type { Subject } from "./subject.js";
import { tokenDialect } from "./token-dialect.js";

const secret = { AUTH_SECRET: randomBytes(32).toString("base64url") };

export const nest: Subject = {
  id: "nest",
  title: "Nest tutorial app",
  dialect: tokenDialect(201),
  async start(world, network) {
    const env = { ...(await pgEnvironment(world, network, "nest")), ...secret };
    return runningOnPg(await launch(bundleFile(world.bundles, "nest/serve"), env), env);
  },
};
