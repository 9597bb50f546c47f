import { ProblemError, problemFrom } from "./problem-error.js";
import {
  networkError,
  parseJson,
  requestSeconds,
  type Transport,
  type TransportOptions,
  timeoutError,
} from "./transport.js";

/** Resolves once the response has begun. Its body may take longer than the deadline of a request. */
export const createDownloadTransport =
  ({ fetch = globalThis.fetch }: TransportOptions): Transport =>
  async (request) => {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), requestSeconds * 1000);
    const signal = AbortSignal.any([request.signal, deadline.signal]);
    try {
      const response = await fetch(new Request(request.clone(), { signal }));
      if (response.ok) return response;
      throw problemFrom(response, parseJson(await response.text()));
    } catch (error) {
      throw failureOf(error, request.signal, deadline.signal);
    } finally {
      clearTimeout(timer);
    }
  };

/** The whole body. @throws ProblemError `network` if it breaks off, or the caller's own abort */
export async function blobOf(response: Response, signal: AbortSignal): Promise<Blob> {
  try {
    return await response.blob();
  } catch (error) {
    throw failureOf(error, signal);
  }
}

function failureOf(error: unknown, aborted: AbortSignal, deadline?: AbortSignal): unknown {
  if (error instanceof ProblemError) return error;
  if (aborted.aborted) return aborted.reason;
  return deadline?.aborted ? timeoutError(error) : networkError(error);
}
