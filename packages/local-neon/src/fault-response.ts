import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "./faults.js";
import { NeonError } from "./neon-error.js";
import { errorResponse, type NeonResponse } from "./neon-response.js";

/** Sends the response that `run` produces, as `fault` changes it. */
export async function sendWithFault(
  response: ServerResponse,
  fault: Fault | null,
  run: () => Promise<NeonResponse>,
): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      return send(response, await run());
    case "slow":
      await delay(fault.ms);
      return send(response, await run());
    case "hang":
      return;
    case "refuse":
      return disconnect(response);
    case "lost":
      await run();
      return disconnect(response);
    case "reset":
      return sendHalf(response, await run(), () => disconnect(response));
    case "stall":
      return sendHalf(response, await run(), () => {});
    case "truncated":
      return sendTruncated(response, await run());
    case "garbage":
      return send(response, captivePortal);
    case "500":
      return send(response, plainText(500, "Control plane request failed"));
    case "507":
      return send(response, plainText(507, "response is too large"));
    case "sql":
      return send(response, injectedError(fault));
  }
}

export function send(response: ServerResponse, { status, headers, body }: NeonResponse): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

const captivePortal: NeonResponse = {
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<!doctype html><title>Sign in to this network</title>",
};

export function plainText(status: number, body: string): NeonResponse {
  return { status, headers: { "content-type": "text/plain" }, body };
}

function injectedError({ code, message, constraint }: Extract<Fault, { kind: "sql" }>): NeonResponse {
  const fields = { code, constraint, severity: "ERROR" };
  return errorResponse(new NeonError(400, message ?? `injected error ${code}`, fields));
}

function disconnect(response: ServerResponse): void {
  response.destroy();
}

function sendHalf(response: ServerResponse, { status, headers, body }: NeonResponse, then: () => void): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, "content-length": bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), then);
}

/** A complete HTTP response whose JSON stops in the middle. */
function sendTruncated(response: ServerResponse, { headers, body }: NeonResponse): void {
  send(response, { status: 200, headers, body: body.slice(0, body.length / 2) });
}
