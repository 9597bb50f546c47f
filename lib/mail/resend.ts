import type { ErrorResponse, Resend, Response as ResendResponse } from "resend";
import { httpPost } from "../../db/http-client.js";
import type { Env } from "../env.js";
import { outboxLimits } from "./limits.js";

export type ResendEnv = Pick<Env<"RESEND_API_KEY">, "RESEND_API_KEY" | "RESEND_BASE_URL">;

/** The SDK's client, with our own HTTP. */
export async function createClient(env: ResendEnv): Promise<Resend> {
  // Imported lazily: the SDK would double the cold start of functions that rarely send.
  const sdk = await import("resend");
  const client = new sdk.Resend(
    env.RESEND_API_KEY,
    env.RESEND_BASE_URL ? { baseUrl: env.RESEND_BASE_URL } : {},
  );
  client.fetchRequest = (path: string, request: SdkRequest) => post(`${client.baseUrl}${path}`, request);
  return client;
}

type SdkRequest = { headers: Headers; body: string };

/** Replaces the SDK's `fetch`; see `httpPost`. */
async function post<Data>(url: string, { headers, body }: SdkRequest): Promise<ResendResponse<Data>> {
  const deadline = { atMs: performance.now() + outboxLimits.sendTimeoutMs };
  const response = await httpPost(url, { headers: Object.fromEntries(headers), body, deadline });
  const text = await response.text();
  if (response.ok) return { data: JSON.parse(text), error: null, headers: null };
  const responseHeaders = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  return {
    data: null,
    error: errorResponse(text, response.status),
    headers: Object.fromEntries(responseHeaders),
  };
}

/** Resend's error, or only the status if a proxy responded with its own page. */
function errorResponse(text: string, statusCode: number): ErrorResponse {
  const unnamed: ErrorResponse = { name: "application_error", message: "", statusCode };
  try {
    return { ...unnamed, ...JSON.parse(text), statusCode };
  } catch {
    return unnamed;
  }
}
