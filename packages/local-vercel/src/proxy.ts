import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { EdgeRequest } from "./edge-request.js";
import { sendPlatformError } from "./platform-error.js";

/** Forwards a request to another server and streams its response back. */
export async function forward(
  origin: string,
  edgeRequest: EdgeRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = new URL(origin);
  const isChunked = request.headers["transfer-encoding"] !== undefined;
  await new Promise<void>((resolve) => {
    const upstream = httpRequest({
      host: target.hostname,
      port: target.port,
      method: edgeRequest.method,
      path: edgeRequest.url.pathname + edgeRequest.url.search,
      headers: {
        ...edgeRequest.headers,
        host: target.host,
        ...(isChunked ? { "transfer-encoding": "chunked" } : {}),
      },
    });
    response.once("close", () => {
      upstream.destroy();
      resolve();
    });
    upstream.on("response", (upstreamResponse) => {
      const { connection: _, "keep-alive": __, ...headers } = upstreamResponse.headers;
      response.writeHead(upstreamResponse.statusCode ?? 502, headers);
      upstreamResponse.on("error", () => response.destroy());
      upstreamResponse.pipe(response);
    });
    upstream.on("error", () => sendPlatformError(response, "ROUTER_EXTERNAL_TARGET_ERROR", edgeRequest.id));
    request.pipe(upstream);
  });
}
