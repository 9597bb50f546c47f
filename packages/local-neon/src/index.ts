export type { Query } from "./backend.js";
export { createNeonControl, type NeonControl } from "./control.js";
export type { FaultRule } from "./faults.js";
export { type NeonSettings, neonSettings } from "./settings.js";
export type { SqlError } from "./sql-error.js";
export { type LocalNeon, type LocalNeonOptions, startLocalNeon } from "./start-local-neon.js";
export type { Statistics } from "./traffic.js";
