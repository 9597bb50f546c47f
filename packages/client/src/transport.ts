import { unlessAborted } from "./abort.js";
import { ProblemError, problemOf } from "./problem-error.js";

/** Sends a request and answers with a success. @throws ProblemError for all else, or the caller's own abort. */
export type Transport = (request: Request) => Promise<Response>;

export type TransportOptions = {
  fetch?: (request: Request) => Promise<Response>;
  /** Called before each wait for a server that asked for patience. */
  onWait?: (seconds: number) => void;
};

const deadlineMs = 20_000;
const maxRetries = 2;
/** Longer than this is for the person to wait, not for the page. */
const maxWaitSeconds = 10;

export function createTransport({ fetch = globalThis.fetch, onWait }: TransportOptions): Transport {
  return async (request) => {
    for (let retries = 0; ; retries += 1) {
      try {
        // A request can be sent once; its copy leaves it whole for the next time.
        return await sendOnce(fetch, request.clone());
      } catch (error) {
        const seconds = waitFor(error);
        if (seconds === undefined || retries === maxRetries) throw error;
        onWait?.(seconds);
        await unlessAborted(sleep(seconds * 1000), request.signal);
      }
    }
  };
}

function waitFor(error: unknown): number | undefined {
  if (!(error instanceof ProblemError) || error.status !== 503) return undefined;
  return error.retryAfter !== undefined && error.retryAfter <= maxWaitSeconds ? error.retryAfter : undefined;
}

async function sendOnce(fetch: (request: Request) => Promise<Response>, request: Request): Promise<Response> {
  const late = AbortSignal.timeout(deadlineMs);
  const limited = new Request(request, { signal: AbortSignal.any([request.signal, late]) });
  let response: Response;
  let text: string;
  try {
    response = await fetch(limited);
    // Read here, so that a connection that breaks in the middle is a failure of the network like any other.
    text = await response.text();
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw late.aborted
      ? new ProblemError("timeout", { status: 0, title: "The server took too long" }, { cause: error })
      : new ProblemError("network", { status: 0, title: "The server was not reached" }, { cause: error });
  }
  const body = parse(text);
  if (!response.ok || body === undefined) throw problemOf(response, body);
  return text === "" ? new Response(null, response) : new Response(text, response);
}

/** Nothing is `null`, as a 204 has it; what is no JSON is `undefined`. */
function parse(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
