import { hash, verify } from "@node-rs/argon2";
import { takingTurns } from "../../db/turns.js";
import { Problem } from "../problem.js";
import { argon2 } from "./limits.js";

const parameters = { memoryCost: argon2.memoryKiB, timeCost: argon2.passes, parallelism: argon2.lanes };

// A hash takes 19 MiB and a core: more at once would starve everything else in the instance.
const inTurn = takingTurns({ atOnce: argon2.parallelHashes, waiting: argon2.queuedHashes });

const queued = <T>(work: () => Promise<T>): Promise<T> =>
  inTurn(work, { waitMs: argon2.queuedMs, refusal: tooMany });

const tooMany = () =>
  new Problem("rate-limited", {
    detail: "Too many passwords to hash at once.",
    headers: { "retry-after": "2" },
  });

/** As it is hashed: two ways to type one character are one password (NIST SP 800-63B section 3.1.1.2). */
const normalized = (password: string) => password.normalize("NFKC");

/** Argon2id in PHC form. @throws Problem `rate-limited` when the instance has too many waiting */
export const hashPassword = (password: string): Promise<string> =>
  queued(() => hash(normalized(password), parameters));

const cost = `$argon2id$v=19$m=${argon2.memoryKiB},t=${argon2.passes},p=${argon2.lanes}$`;

// Costs what a real one costs; no password has it.
const hashOfNobody = `${cost}${"A".repeat(22)}$${"A".repeat(43)}`;

/** One verification, whether or not there is such an account, so that time does not tell (ASVS 6.3.8). */
export async function verifyPassword(password: string, storedHash: string | null): Promise<boolean> {
  const isEqual = await queued(() => verify(storedHash ?? hashOfNobody, normalized(password)));
  return isEqual && storedHash !== null;
}

/** Whether it was made with other parameters than today's. */
export const needsRehash = (storedHash: string): boolean => !storedHash.startsWith(cost);
