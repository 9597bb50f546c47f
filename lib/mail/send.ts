import type { ErrorResponse, Response as Outcome, Resend } from "resend";
import { post } from "../../db/post.js";
import type { Message } from "./layout.js";
import { outboxLimits } from "./limits.js";

type ResendEnv = { RESEND_API_KEY: string; MAIL_FROM: string; RESEND_BASE_URL: string | undefined };

/** How a send ended. `retry` says whether another attempt could end better. */
export type SendResult = { ok: true } | { ok: false; error: string; retry: boolean };

/**
 * Hands a mail to Resend, which sends it once per `idempotencyKey` however often it is asked. Never throws: every
 * way to fail is an outcome of the outbox.
 */
export async function sendMail(
  env: ResendEnv,
  to: string,
  message: Message,
  idempotencyKey: string,
): Promise<SendResult> {
  const resend = await clientOf(env);
  try {
    const { error } = await resend.emails.send({ from: env.MAIL_FROM, to, ...message }, { idempotencyKey });
    return error ? failure(error.name, error.statusCode) : { ok: true };
  } catch (error) {
    return { ok: false, error: nameOf(error), retry: true };
  }
}

const clients = new WeakMap<ResendEnv, Resend>();

async function clientOf(env: ResendEnv): Promise<Resend> {
  const known = clients.get(env);
  if (known) return known;
  // Importing the SDK costs more than everything else in the function: only where a mail is really sent.
  const sdk = await import("resend");
  const client = new sdk.Resend(
    env.RESEND_API_KEY,
    env.RESEND_BASE_URL ? { baseUrl: env.RESEND_BASE_URL } : {},
  );
  client.fetchRequest = (path: string, request: SdkRequest) => exchange(`${client.baseUrl}${path}`, request);
  clients.set(env, client);
  return client;
}

type SdkRequest = { headers: Headers; body: string };

/** Takes the place of the SDK's `fetch`, which was a third of the CPU time of a request that sends a mail. */
async function exchange<Data>(url: string, { headers, body }: SdkRequest): Promise<Outcome<Data>> {
  const deadline = { atMs: performance.now() + outboxLimits.sendTimeoutMs };
  const answer = await post(url, { headers: Object.fromEntries(headers), body, deadline });
  const text = await answer.text();
  return answer.ok
    ? { data: JSON.parse(text), error: null, headers: null }
    : { data: null, error: refusal(text, answer.status), headers: null };
}

/** What Resend says, or, of a page that something on the way has put in its place, only the status. */
function refusal(text: string, statusCode: number): ErrorResponse {
  const unnamed: ErrorResponse = { name: "application_error", message: "", statusCode };
  try {
    return { ...unnamed, ...JSON.parse(text), statusCode };
  } catch {
    return unnamed;
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return "timeout";
  return "code" in error ? String(error.code) : error.name;
}

function failure(name: string, status: number | null): SendResult {
  // The key was accepted before with a mail that an older AUTH_SECRET had worded: it is on its way.
  if (name === "invalid_idempotent_request") return { ok: true };
  // What the mail itself is refused for stays so; a bad sender or key or a spent quota is the operator's to mend.
  const isFinal = (status === 400 || status === 422) && name !== "invalid_from_address";
  return { ok: false, error: `${name}${status ? ` ${status}` : ""}`.slice(0, 100), retry: !isFinal };
}
