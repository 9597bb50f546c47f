import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Email, parseEmail, recipientsOf } from "./email.js";
import { type Exchange, Refusal, type Route, readJson, sendJson } from "./exchange.js";
import { type Faults, strikeBefore } from "./faults.js";
import type { MailStore } from "./mail-store.js";

const MAX_BATCH = 100;
const SLOW_MS = 3_000;

/** `calls` counts every request to send, `accepted` mails, `deduplicated` requests answered from their key. */
export type Stats = { calls: number; accepted: number; deduplicated: number };

type Sending = { apiKey: string; store: MailStore; faults: Faults; stats: Stats };
type Parsed = { emails: Email[]; toAnswer: (ids: string[]) => unknown };
type Parse = (body: unknown, headers: IncomingHttpHeaders) => Parsed;

/** `POST /emails` and `POST /emails/batch`. */
export function sendingRoutes(sending: Sending): Route[] {
  const keysInProgress = new Set<string>();
  const route = (path: RegExp, parse: Parse): Route => ({
    method: "POST",
    path,
    handle: (exchange) => receive(sending, keysInProgress, exchange, parse),
  });
  return [route(/^\/emails$/, parseOne), route(/^\/emails\/batch$/, parseBatch)];
}

async function receive(
  { apiKey, store, faults, stats }: Sending,
  keysInProgress: Set<string>,
  { request, response }: Exchange,
  parse: Parse,
): Promise<void> {
  stats.calls += 1;
  const body = await readJson(request);
  authorize(request.headers.authorization, apiKey);
  const rule = faults.take(recipientsOf(body));
  if (rule && !(await strikeBefore(rule, response))) return;

  const key = idempotencyKey(request.headers);
  const answer = await exclusively(keysInProgress, key, async () => {
    const fingerprint = fingerprintOf(request.url, body);
    const known = key === undefined ? undefined : store.remembered(key);
    if (known && known.fingerprint !== fingerprint) {
      throw new Refusal(
        409,
        "invalid_idempotent_request",
        "Same idempotency key used with a different request payload.",
      );
    }
    if (rule?.fault === "slow") await sleep(rule.ms ?? SLOW_MS);
    if (known) {
      stats.deduplicated += 1;
      return known.answer;
    }
    const { emails, toAnswer } = parse(body, request.headers);
    const ids = store.accept(emails, (ids) =>
      key === undefined ? undefined : { key, fingerprint, answer: toAnswer(ids) },
    );
    stats.accepted += ids.length;
    return toAnswer(ids);
  });

  if (rule?.fault === "lost") response.socket?.destroy();
  else sendJson(response, 200, answer);
}

/** @throws Refusal 409 while another request with this key is being worked on. */
async function exclusively<T>(
  keysInProgress: Set<string>,
  key: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (key === undefined) return work();
  if (keysInProgress.has(key)) {
    throw new Refusal(
      409,
      "concurrent_idempotent_requests",
      "Same idempotency key used while original request is still in progress.",
    );
  }
  keysInProgress.add(key);
  try {
    return await work();
  } finally {
    keysInProgress.delete(key);
  }
}

function authorize(header: string | undefined, apiKey: string): void {
  const key = /^Bearer\s+(.+)$/i.exec(header ?? "")?.[1];
  if (!key) throw new Refusal(401, "missing_api_key", "Missing API key in the authorization header.");
  if (key !== apiKey) throw new Refusal(403, "invalid_api_key", "API key is invalid.");
}

function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && key.length >= 1 && key.length <= 256) return key;
  throw new Refusal(400, "invalid_idempotency_key", "The key must be between 1-256 chars.");
}

function fingerprintOf(path: string | undefined, body: unknown): string {
  return createHash("sha256")
    .update(`${path}\n${JSON.stringify(body)}`)
    .digest("hex");
}

function parseOne(body: unknown): Parsed {
  return { emails: [parseEmail(body)], toAnswer: ([id]) => ({ id }) };
}

/** Strict validation refuses the whole batch for one bad mail, permissive leaves that one out. */
function parseBatch(body: unknown, headers: IncomingHttpHeaders): Parsed {
  if (!Array.isArray(body) || body.length === 0 || body.length > MAX_BATCH) {
    throw new Refusal(422, "validation_error", `The batch must be an array of 1 to ${MAX_BATCH} emails.`);
  }
  const permissive = headers["x-batch-validation"] === "permissive";
  const emails: Email[] = [];
  const errors: { index: number; message: string }[] = [];
  body.forEach((item: unknown, index) => {
    try {
      emails.push(parseEmail(item));
    } catch (error) {
      if (!permissive || !(error instanceof Refusal)) throw error;
      errors.push({ index, message: error.message });
    }
  });
  return {
    emails,
    toAnswer: (ids) => ({ data: ids.map((id) => ({ id })), ...(permissive && { errors }) }),
  };
}
