import { createApp } from "../lib/app.js";
import { readPlatform } from "../lib/env.js";
import { handle } from "../lib/handle.js";
import { health } from "../lib/system/contract.js";

const app = createApp([health]);

handle(app, health, async () => ({
  status: 200,
  body: { status: "ok", commit: readPlatform().commit ?? null, time: new Date().toISOString() },
}));

export default app;
