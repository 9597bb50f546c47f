import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, failureAnswer } from "./answer.js";
import { Failure } from "./failure.js";
import type { Fault } from "./faults.js";

/** Answers with what `run` gives, or with what the fault makes of it. */
export async function deliver(response: ServerResponse, fault: Fault | null, run: () => Promise<Answer>) {
  switch (fault?.kind) {
    case undefined:
      return send(response, await run());
    case "slow":
      await delay(fault.ms);
      return send(response, await run());
    case "hang":
      return;
    case "refuse":
      return cut(response);
    case "lost":
      await run();
      return cut(response);
    case "reset":
      return sendHalf(response, await run(), () => cut(response));
    case "stall":
      return sendHalf(response, await run(), () => {});
    case "truncated":
      return sendTruncated(response, await run());
    case "garbage":
      return send(response, page);
    case "500":
      return send(response, text(500, "Control plane request failed"));
    case "507":
      return send(response, text(507, "response is too large"));
    case "sql":
      return send(response, injectedError(fault));
  }
}

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

const page: Answer = {
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<!doctype html><title>Sign in to this network</title>",
};

function text(status: number, body: string): Answer {
  return { status, headers: { "content-type": "text/plain" }, body };
}

function injectedError({ code, message, constraint }: Extract<Fault, { kind: "sql" }>): Answer {
  const fields = { code, constraint, severity: "ERROR" };
  return failureAnswer(new Failure(400, message ?? `injected error ${code}`, fields));
}

function cut(response: ServerResponse): void {
  response.destroy();
}

function sendHalf(response: ServerResponse, { status, headers, body }: Answer, then: () => void): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, "content-length": bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), then);
}

function sendTruncated(response: ServerResponse, { headers, body }: Answer): void {
  send(response, { status: 200, headers, body: body.slice(0, body.length / 2) });
}
