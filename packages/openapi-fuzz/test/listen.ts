import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { ReceivedRequest } from "./sample-routes.js";

export type Service = {
  origin: string;
  /** Number of received requests. */
  requestCount(): number;
  stop(): void;
};

/** Serves HTTP on a free port of this machine. */
export async function listen(
  handle: (request: ReceivedRequest, response: ServerResponse) => void,
): Promise<Service> {
  let requestCount = 0;
  const server = createServer(async (request, response) => {
    requestCount += 1;
    let body = "";
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url ?? "/", "http://localhost");
    try {
      handle({ method: request.method ?? "", url, headers: request.headers, body }, response);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The server has no port.");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requestCount: () => requestCount,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
