import { createAdaptorServer } from "@hono/node-server";

type Fetch = (request: Request) => Response | Promise<Response>;

/** Serves `fetch` on a free port and reports the port to the parent process. */
export function listen(fetch: Fetch): void {
  const server = createAdaptorServer({ fetch });
  if ("keepAliveTimeout" in server) server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address) process.send?.({ port: address.port });
  });
}
