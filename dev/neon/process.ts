import { startLocalNeon } from "@latchkey/local-neon";
import { childConfig, reportReady } from "../child.js";
import { neonProcessConfig } from "./config.js";
import { sqlErrorLine } from "./sql-error-line.js";

const { printErrors, ...settings } = neonProcessConfig.parse(childConfig());
const neon = await startLocalNeon({
  ...settings,
  ...(printErrors && { onError: (error) => console.error(sqlErrorLine(error)) }),
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void neon.stop().then(() => process.exit(0)));
}
reportReady({ port: neon.port });
