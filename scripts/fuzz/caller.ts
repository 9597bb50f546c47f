import { Agent, type IncomingMessage, request } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { platform } from "node:os";

export type Sent = {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
};
export type Received = { status: number; headers: Headers; text: string };
export type Caller = { send(sent: Sent): Promise<Received>; close(): void };

const timeoutMs = 30_000;
/** Limits count by address: a caller takes another one before it has spent a budget. */
const requestsPerAddress = 8;
let addresses = 0;

/** Everything in 127.0.0.0/8 is this machine, except on macOS, where all share one. */
function nextAddress(): string {
  addresses += 1;
  return `127.${10 + (Math.floor(addresses / 62_500) % 200)}.${1 + (Math.floor(addresses / 250) % 250)}.${1 + (addresses % 250)}`;
}

/** Sends one request after the other over a connection that stays open. */
export function createCaller(origin: string): Caller {
  const { hostname, port, protocol } = new URL(origin);
  const isLoopback = hostname === "localhost" || hostname === "127.0.0.1";
  const canMove = isLoopback && platform() !== "darwin";
  const isSecure = protocol === "https:";
  let agent: Agent | undefined;
  let count = 0;

  function agentOfNow(): Agent {
    if (agent && !(canMove && count % requestsPerAddress === 0)) return agent;
    agent?.destroy();
    const options = { keepAlive: true, maxSockets: 1, ...(canMove ? { localAddress: nextAddress() } : {}) };
    agent = isSecure ? new SecureAgent(options) : new Agent(options);
    return agent;
  }

  async function send({ method, path, headers, body }: Sent): Promise<Received> {
    const options = {
      agent: agentOfNow(),
      hostname: isLoopback ? "127.0.0.1" : hostname,
      port,
      method,
      path,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    };
    count += 1;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = (isSecure ? secureRequest : request)(options);
      sent.on("response", resolve).on("error", reject);
      sent.end(body);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const received = new Headers();
    for (let i = 0; i < response.rawHeaders.length; i += 2) {
      received.append(String(response.rawHeaders[i]), String(response.rawHeaders[i + 1]));
    }
    return { status: response.statusCode ?? 0, headers: received, text: Buffer.concat(chunks).toString() };
  }

  return { send, close: () => agent?.destroy() };
}
