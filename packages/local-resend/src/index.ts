export { createResendControl, type ResendControl } from "./control.js";
export type { FaultRule } from "./faults.js";
export type { ReceivedEmail } from "./mailbox-routes.js";
export type { Statistics } from "./send-routes.js";
export {
  type LocalResend,
  type LocalResendOptions,
  type ResendSettings,
  resendSettings,
  startLocalResend,
} from "./start-local-resend.js";
export { type EventRequest, signedHeaders } from "./webhook.js";
