import { hash, verify } from "@node-rs/argon2";
import { createQueue } from "../../db/queue.js";
import { Problem } from "../problem.js";
import { argon2 } from "./limits.js";
import { hashPrefix, voidHash } from "./void-hash.js";

const parameters = { memoryCost: argon2.memoryKiB, timeCost: argon2.passes, parallelism: argon2.lanes };

// Each hash takes 19 MiB and a core: without a limit, a burst of them would starve every other request.
const enqueue = createQueue({ concurrency: argon2.concurrentHashes, maxQueued: argon2.queuedHashes });

/** Hashes that run or wait, by caller. */
const hashesOf = new Map<string, number>();

/** Callers are counted by `clientBlock`. Without one, only the queue limits the job. */
async function enqueueHash<T>(job: () => Promise<T>, caller?: string): Promise<T> {
  const options = { maxWaitMs: argon2.maxQueuedMs, rejection: tooManyHashes };
  if (caller === undefined) return enqueue(job, options);
  const count = hashesOf.get(caller) ?? 0;
  if (count >= argon2.hashesPerCaller) throw tooManyHashes();
  hashesOf.set(caller, count + 1);
  try {
    return await enqueue(job, options);
  } finally {
    const left = (hashesOf.get(caller) ?? 1) - 1;
    if (left > 0) hashesOf.set(caller, left);
    else hashesOf.delete(caller);
  }
}

const tooManyHashes = () =>
  new Problem("rate-limited", {
    detail: "Too many passwords to hash. Try again in a moment.",
    headers: { "retry-after": "2" },
  });

/** Two ways to type a character are one password (NIST SP 800-63B section 3.1.1.2). */
const normalize = (password: string) => password.normalize("NFKC");

/** Whether two texts are one password. */
export const isSamePassword = (left: string, right: string): boolean => normalize(left) === normalize(right);

/**
 * Argon2id in PHC format.
 * @throws Problem `rate-limited` if this instance's queue, or the caller's share of it, is full
 */
export const hashPassword = (password: string, caller?: string): Promise<string> =>
  enqueueHash(() => hash(normalize(password), parameters), caller);

/** Verifies one hash whether or not the account exists, so that timing does not reveal it (ASVS 6.3.8). */
export async function verifyPassword(
  password: string,
  storedHash: string | null,
  caller?: string,
): Promise<boolean> {
  const isMatch = await enqueueHash(() => verify(storedHash ?? voidHash, normalize(password)), caller);
  return isMatch && storedHash !== null;
}

/** Whether the hash was made with parameters other than today's. */
export const needsRehash = (storedHash: string): boolean => !storedHash.startsWith(hashPrefix);
