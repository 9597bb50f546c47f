import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import * as z from "zod";
import { controlRoutes } from "./control.js";
import { Refusal, type Route, sendRefusal } from "./exchange.js";
import { createFaults } from "./faults.js";
import { openMailStore } from "./mail-store.js";
import { mailboxRoutes } from "./mailbox-routes.js";
import { sendingRoutes } from "./sending.js";

/** `port` 0 takes any free one; without `dataDir` the mails live in memory. */
export const resendConfig = z.strictObject({
  port: z.int().min(0).max(65_535),
  apiKey: z.string().min(1),
  dataDir: z.string().min(1).optional(),
});

export type ResendConfig = z.infer<typeof resendConfig>;

export type ResendServer = {
  server: Server;
  /** Listens on 127.0.0.1 at the configured port; resolves with the port. */
  listen(): Promise<number>;
  /** Ends open connections too. */
  close(): Promise<void>;
};

/** The part of Resend's HTTP API that Latchkey uses, with a mailbox at `/dev/mailbox` in place of delivery. */
export function createResendServer(config: ResendConfig, now: () => number = Date.now): ResendServer {
  const { port, apiKey, dataDir } = resendConfig.parse(config);
  const store = openMailStore(dataDir, now);
  const faults = createFaults();
  const stats = { calls: 0, accepted: 0, deduplicated: 0 };
  const routes = [
    ...sendingRoutes({ apiKey, store, faults, stats }),
    ...controlRoutes(faults, stats),
    ...mailboxRoutes(store),
  ];

  const server = createServer((request, response) => void answer(routes, request, response));
  return {
    server,
    async listen() {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      return typeof address === "object" && address ? address.port : port;
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(routes: Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    refuseCrossSite(request);
    const [path = "/", search] = (request.url ?? "/").split("?", 2);
    const { route, params } = findRoute(routes, request.method, path);
    await route.handle({ request, response, query: new URLSearchParams(search), params });
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy();
    if (error instanceof Refusal) return sendRefusal(response, error);
    process.stderr.write(`resend: ${error instanceof Error ? error.stack : String(error)}\n`);
    sendRefusal(response, new Refusal(500, "application_error", "An unexpected error occurred."));
  }
}

/** Any page a developer visits can post to localhost; only our own pages and programs may change something. */
function refuseCrossSite({ method, headers }: IncomingMessage): void {
  const site = headers["sec-fetch-site"];
  if (method === "GET" || method === "HEAD" || typeof site !== "string") return;
  if (site === "cross-site" || site === "same-site") {
    throw new Refusal(403, "invalid_access", "Requests of other sites are refused.");
  }
}

function findRoute(routes: Route[], method: string | undefined, path: string) {
  const wanted = method === "HEAD" ? "GET" : method;
  const candidates = routes.filter((route) => route.path.test(path));
  const route = candidates.find((candidate) => candidate.method === wanted);
  if (route) return { route, params: route.path.exec(path)?.slice(1) ?? [] };
  if (candidates.length === 0) throw new Refusal(404, "not_found", "The requested endpoint does not exist.");
  throw new Refusal(405, "method_not_allowed", "This endpoint does not support the specified HTTP method.", {
    allow: candidates.map((candidate) => candidate.method).join(", "),
  });
}
