import { createHash } from "node:crypto";
import { httpGet } from "../../db/http-client.js";
import type { Env } from "../env.js";
import { writeLine } from "../log.js";
import { breachCheckMs } from "./limits.js";

type BreachEnv = Pick<Env<never>, "PASSWORD_BREACH_CHECK" | "PASSWORD_BREACH_URL">;

/** Of the 40 digits. The API accepts no other length. */
const prefixLength = 5;

/** `SUFFIX:COUNT`: the rest of a SHA-1 hash, and how often breaches contain its password. */
const rangeLine = /^([0-9A-F]{35}):(\d+)$/;

/**
 * Asks a k-anonymity API in the format of haveibeenpwned.com/API/v3#PwnedPasswords whether a breach has revealed the
 * password. Only the first five digits of its SHA-1 hash leave. Never throws: without a response in time, the password
 * counts as not breached, because nobody could sign up during an outage of the API otherwise.
 */
export async function isBreachedPassword(
  password: string,
  { PASSWORD_BREACH_CHECK: check, PASSWORD_BREACH_URL: url }: BreachEnv,
  requestId: string,
): Promise<boolean> {
  if (check === "off") return false;
  const hash = createHash("sha1").update(password.normalize("NFKC")).digest("hex").toUpperCase();
  try {
    return hasSuffix(await fetchRange(url, hash.slice(0, prefixLength)), hash.slice(prefixLength));
  } catch (error) {
    writeLine("warn", "breach-check", { request_id: requestId, fault: faultOf(error) });
    return false;
  }
}

/** The real API refuses requests without a name. */
const rangeHeaders = { "add-padding": "true", "user-agent": "latchkey" };

/** The hashes with this prefix. Padding hides from an observer of the traffic how many they are. */
async function fetchRange(url: string, prefix: string): Promise<string[]> {
  const deadline = { atMs: performance.now() + breachCheckMs };
  const get = () => httpGet(`${url}/range/${prefix}`, { headers: rangeHeaders, deadline });
  // While an instance is frozen between requests, the API may have closed the connection that it kept.
  const response = await get().catch((error) =>
    error.code === "ECONNRESET" ? get() : Promise.reject(error),
  );
  if (!response.ok) throw new RangeFault(String(response.status));
  const lines = (await response.text()).split(/\r?\n/);
  // A page of a proxy would otherwise pass for a range without the password.
  if (!lines.some((line) => rangeLine.test(line))) throw new RangeFault("not-a-range");
  return lines;
}

/** Padding consists of hashes with the count 0. */
const hasSuffix = (lines: string[], suffix: string) =>
  lines.some((line) => {
    const [, found, count] = rangeLine.exec(line) ?? [];
    return found === suffix && Number(count) > 0;
  });

class RangeFault extends Error {}

/** A name or a code. Never a message, which could quote a value. */
function faultOf(error: unknown): string {
  if (error instanceof RangeFault) return error.message;
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return "timeout";
  return "code" in error ? String(error.code) : error.name;
}
