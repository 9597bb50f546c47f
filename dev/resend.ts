import { childConfig, reportReady } from "./child.js";
import { createResendServer, resendConfig } from "./resend/server.js";

const resend = createResendServer(resendConfig.parse(childConfig()));
process.once("SIGTERM", () => void resend.close().then(() => process.exit(0)));
reportReady({ port: await resend.listen() });
