import { startLocalNeon } from "../src/index.js";

process.on("disconnect", () => process.exit(0));
const neon = await startLocalNeon(JSON.parse(process.env["LOCAL_NEON_SETTINGS"] ?? "{}"));
process.once("SIGTERM", () => void neon.stop().then(() => process.exit(0)));
process.send?.(neon.endpoint);
