import { resendSettings, startLocalResend } from "@latchkey/local-resend";
import { childConfig, reportReady } from "../child.js";

const resend = await startLocalResend(resendSettings.parse(childConfig()));
process.once("SIGTERM", () => void resend.stop().then(() => process.exit(0)));
reportReady({ port: resend.port });
