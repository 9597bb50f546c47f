export { dataOf } from "./api.js";
export type { Latchkey, LatchkeyOptions } from "./client.js";
export { createLatchkey } from "./latchkey.js";
export { type ErrorCode, type FieldError, ProblemError } from "./problem-error.js";
export type { components, paths } from "./schema.js";
export type { Session, SignedOutReason, User } from "./session.js";
export type { OnStepUp } from "./step-up-prompt.js";
export { createStore, type Store } from "./store.js";
