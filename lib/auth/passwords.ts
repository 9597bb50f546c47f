import { hash, verify } from "@node-rs/argon2";
import pLimit from "p-limit";
import { Problem } from "../problem.js";
import { argon2 } from "./limits.js";

const parameters = { memoryCost: argon2.memoryKiB, timeCost: argon2.passes, parallelism: argon2.lanes };

// A hash takes 19 MiB and a core: more at once would starve everything else in the instance.
const limit = pLimit(argon2.parallelHashes);

/** Whoever has waited too long is sent away unhashed, so that those behind are served while they still listen. */
async function queued<T>(work: () => Promise<T>): Promise<T> {
  if (limit.pendingCount >= argon2.queuedHashes) throw tooMany();
  const latest = performance.now() + argon2.queuedMs;
  return limit(() => {
    if (performance.now() > latest) throw tooMany();
    return work();
  });
}

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
