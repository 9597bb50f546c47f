import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Incoming } from "./incoming.js";
import { sendPlatformError } from "./platform-error.js";

/** Hands a request on to another server of this machine and streams its answer back. */
export async function proxy(
  origin: string,
  incoming: Incoming,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = new URL(origin);
  const chunked = request.headers["transfer-encoding"] !== undefined;
  await new Promise<void>((resolve) => {
    const upstream = httpRequest({
      host: target.hostname,
      port: target.port,
      method: incoming.method,
      path: incoming.url.pathname + incoming.url.search,
      headers: {
        ...incoming.headers,
        host: target.host,
        ...(chunked ? { "transfer-encoding": "chunked" } : {}),
      },
    });
    response.once("close", () => {
      upstream.destroy();
      resolve();
    });
    upstream.on("response", (answer) => {
      const { connection: _, "keep-alive": __, ...headers } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, headers);
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    });
    upstream.on("error", () => sendPlatformError(response, "ROUTER_EXTERNAL_TARGET_ERROR", incoming.id));
    request.pipe(upstream);
  });
}
