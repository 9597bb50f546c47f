import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Email, parseEmail, recipientsOf } from "./email.js";
import type { EmailStore } from "./email-store.js";
import { type Exchange, type Route, readJson, sendJson } from "./exchange.js";
import { applyFault, type Faults } from "./faults.js";
import { ResendError } from "./resend-error.js";

const maxBatch = 100;
const slowMs = 3_000;

export type Statistics = {
  /** All requests to send, refused ones included. */
  calls: number;
  /** Emails in the mailbox, deleted ones included. */
  accepted: number;
  /** Requests that repeated an idempotency key and got its response. */
  deduplicated: number;
};

type SendContext = { apiKey: string; store: EmailStore; faults: Faults; stats: Statistics };
type Parsed = { emails: Email[]; toResponseBody: (ids: string[]) => unknown };
type Parse = (body: unknown, headers: IncomingHttpHeaders) => Parsed;

/** `POST /emails` and `POST /emails/batch`. */
export function sendRoutes(context: SendContext): Route[] {
  const keysInProgress = new Set<string>();
  const route = (path: RegExp, parse: Parse): Route => ({
    method: "POST",
    path,
    handle: (exchange) => receive(context, keysInProgress, exchange, parse),
  });
  return [route(/^\/emails$/, parseOne), route(/^\/emails\/batch$/, parseBatch)];
}

async function receive(
  { apiKey, store, faults, stats }: SendContext,
  keysInProgress: Set<string>,
  { request, response }: Exchange,
  parse: Parse,
): Promise<void> {
  stats.calls += 1;
  const body = await readJson(request);
  authorize(request.headers.authorization, apiKey);
  const rule = faults.take(recipientsOf(body));
  if (rule && !(await applyFault(rule, response))) return;

  const key = idempotencyKey(request.headers);
  const responseBody = await exclusively(keysInProgress, key, async () => {
    const fingerprint = fingerprintOf(request.url, body);
    const known = key === undefined ? undefined : store.findRequest(key);
    if (known && known.fingerprint !== fingerprint) {
      throw new ResendError(
        409,
        "invalid_idempotent_request",
        "Same idempotency key used with a different request payload.",
      );
    }
    if (rule?.fault === "slow") await sleep(rule.ms ?? slowMs);
    if (known) {
      stats.deduplicated += 1;
      return known.responseBody;
    }
    const { emails, toResponseBody } = parse(body, request.headers);
    const ids = store.accept(emails, (ids) =>
      key === undefined ? undefined : { key, fingerprint, responseBody: toResponseBody(ids) },
    );
    stats.accepted += ids.length;
    return toResponseBody(ids);
  });

  if (rule?.fault === "lost") response.socket?.destroy();
  else sendJson(response, 200, responseBody);
}

/** @throws ResendError 409 while another request with this key is in progress. */
async function exclusively<T>(
  keysInProgress: Set<string>,
  key: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (key === undefined) return work();
  if (keysInProgress.has(key)) {
    throw new ResendError(
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
  if (!key) throw new ResendError(401, "missing_api_key", "Missing API key in the authorization header.");
  if (key !== apiKey) throw new ResendError(403, "invalid_api_key", "API key is invalid.");
}

function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && key.length >= 1 && key.length <= 256) return key;
  throw new ResendError(400, "invalid_idempotency_key", "The key must be between 1-256 chars.");
}

function fingerprintOf(path: string | undefined, body: unknown): string {
  return createHash("sha256")
    .update(`${path}\n${JSON.stringify(body)}`)
    .digest("hex");
}

function parseOne(body: unknown): Parsed {
  return { emails: [parseEmail(body)], toResponseBody: ([id]) => ({ id }) };
}

/** Strict validation refuses the whole batch for one invalid email; permissive validation skips that email. */
function parseBatch(body: unknown, headers: IncomingHttpHeaders): Parsed {
  if (!Array.isArray(body) || body.length === 0 || body.length > maxBatch) {
    throw new ResendError(422, "validation_error", `The batch must be an array of 1 to ${maxBatch} emails.`);
  }
  const isPermissive = headers["x-batch-validation"] === "permissive";
  const emails: Email[] = [];
  const errors: { index: number; message: string }[] = [];
  body.forEach((item: unknown, index) => {
    try {
      emails.push(parseEmail(item));
    } catch (error) {
      if (!isPermissive || !(error instanceof ResendError)) throw error;
      errors.push({ index, message: error.message });
    }
  });
  return {
    emails,
    toResponseBody: (ids) => ({ data: ids.map((id) => ({ id })), ...(isPermissive && { errors }) }),
  };
}
