import { argon2 } from "./limits.js";

/** The start of every hash with today's parameters. */
export const hashPrefix = `$argon2id$v=19$m=${argon2.memoryKiB},t=${argon2.passes},p=${argon2.lanes}$`;

/** Costs as much to verify as a real hash, and matches no password. */
export const voidHash = `${hashPrefix}${"A".repeat(22)}$${"A".repeat(43)}`;
