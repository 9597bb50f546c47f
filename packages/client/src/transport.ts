import { unlessAborted } from "./abort.js";
import { ProblemError, problemFrom } from "./problem-error.js";

/** Sends a request and resolves to a successful response. @throws ProblemError, or the caller's own abort */
export type Transport = (request: Request) => Promise<Response>;

type Fetch = (request: Request) => Promise<Response>;

export type TransportOptions = {
  /** Replaces the global `fetch`, for tests and for other platforms. */
  fetch?: Fetch;
  /** Called before each wait for an overloaded server. */
  onWait?: (seconds: number) => void;
};

/** The deadline of one attempt. */
export const requestSeconds = 20;
const maxRetries = 2;
/** The client gives up on longer waits, so that the page can tell the user. */
export const maxWaitSeconds = 10;

export function createTransport({ fetch = globalThis.fetch, onWait }: TransportOptions): Transport {
  return async (request) => {
    for (let retries = 0; ; retries += 1) {
      try {
        return await sendOnce(fetch, request);
      } catch (error) {
        const seconds = retryDelaySeconds(error);
        if (seconds === undefined || retries === maxRetries) throw error;
        onWait?.(seconds);
        await unlessAborted(sleep(seconds * 1000), request.signal);
      }
    }
  };
}

/** Only a 503 with a short Retry-After is retried. */
function retryDelaySeconds(error: unknown): number | undefined {
  if (!(error instanceof ProblemError) || error.status !== 503) return undefined;
  return error.retryAfter !== undefined && error.retryAfter <= maxWaitSeconds ? error.retryAfter : undefined;
}

async function sendOnce(fetch: Fetch, request: Request): Promise<Response> {
  const timeout = AbortSignal.timeout(requestSeconds * 1000);
  // A request can be sent only once, so each attempt sends a copy. In Node, the signal of a clone is unreliable.
  const limited = new Request(request.clone(), { signal: AbortSignal.any([request.signal, timeout]) });
  let response: Response;
  let text: string;
  try {
    response = await fetch(limited);
    // Read the body here, so that a connection that breaks halfway is a network error too.
    text = await response.text();
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    throw timeout.aborted ? timeoutError(error) : networkError(error);
  }
  const body = parseJson(text);
  if (!response.ok || body === undefined) throw problemFrom(response, body);
  // A 204 may not have a body, not even an empty one.
  return new Response(text === "" ? null : text, response);
}

export const timeoutError = (cause: unknown) =>
  new ProblemError("timeout", { status: 0, title: "The server took too long to respond" }, { cause });

export const networkError = (cause: unknown) =>
  new ProblemError("network", { status: 0, title: "The server could not be reached" }, { cause });

/** @returns `null` for an empty body, such as that of a 204, and `undefined` for invalid JSON */
export function parseJson(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
