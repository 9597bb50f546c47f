import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as z from "zod";
import { createResendControl, type ResendControl } from "./control.js";
import { controlRoutes } from "./control-routes.js";
import { openEmailStore } from "./email-store.js";
import { type Route, sendError } from "./exchange.js";
import { createFaults } from "./faults.js";
import { foreignHostText, isLoopbackHost } from "./loopback-host.js";
import { mailboxRoutes } from "./mailbox-routes.js";
import { ResendError } from "./resend-error.js";
import { sendRoutes } from "./send-routes.js";

/** The options that are plain data, which can be sent to another process. */
export const resendSettings = z.strictObject({
  /** 0 picks a free port. */
  port: z.int().min(0).max(65_535).default(0),
  /** The only API key that may send. */
  apiKey: z.string().min(1),
  /** Folder that keeps the emails. Without it, they live in memory. */
  dataDir: z.string().min(1).optional(),
});

export type ResendSettings = z.input<typeof resendSettings>;

export type LocalResendOptions = ResendSettings & {
  /** The current time in milliseconds; for tests. */
  now?: () => number;
};

export type LocalResend = {
  port: number;
  /** For `baseUrl` of the Resend SDK. The mailbox is at `/dev/mailbox`. */
  origin: string;
  control: ResendControl;
  /** Closes open connections too. */
  stop(): Promise<void>;
};

/**
 * Serves the sending part of Resend's HTTP API at 127.0.0.1, with a mailbox in place of delivery.
 * @throws ZodError for invalid options, Error when the port is in use.
 */
export async function startLocalResend({
  now = Date.now,
  ...plain
}: LocalResendOptions): Promise<LocalResend> {
  const settings = resendSettings.parse(plain);
  const store = openEmailStore(settings.dataDir, now);
  const faults = createFaults();
  const stats = { calls: 0, accepted: 0, deduplicated: 0 };
  const routes = [
    ...sendRoutes({ apiKey: settings.apiKey, store, faults, stats }),
    ...controlRoutes(store, faults, stats),
    ...mailboxRoutes(store),
  ];

  const server = createServer((request, response) => void respond(routes, request, response));
  server.listen(settings.port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : settings.port;
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    origin,
    control: createResendControl(origin),
    async stop() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(routes: Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLoopbackHost(request.headers.host ?? "")) {
    return void response.writeHead(403, { "content-type": "text/plain; charset=utf-8" }).end(foreignHostText);
  }
  try {
    refuseOtherSites(request);
    const [path = "/", search] = (request.url ?? "/").split("?", 2);
    const { route, params } = findRoute(routes, request.method, path);
    await route.handle({ request, response, query: new URLSearchParams(search), params });
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy();
    if (error instanceof ResendError) return sendError(response, error);
    process.stderr.write(`resend: ${error instanceof Error ? error.stack : String(error)}\n`);
    sendError(response, new ResendError(500, "application_error", "An unexpected error occurred."));
  }
}

/** Any website that a developer visits can send requests to localhost; it must not change anything. */
function refuseOtherSites({ method, headers }: IncomingMessage): void {
  const site = headers["sec-fetch-site"];
  if (method === "GET" || method === "HEAD" || typeof site !== "string") return;
  if (site === "cross-site" || site === "same-site") {
    throw new ResendError(403, "invalid_access", "Requests from other sites are refused.");
  }
}

function findRoute(routes: Route[], method: string | undefined, path: string) {
  const routeMethod = method === "HEAD" ? "GET" : method;
  const candidates = routes.filter((route) => route.path.test(path));
  const route = candidates.find((candidate) => candidate.method === routeMethod);
  if (route) return { route, params: route.path.exec(path)?.slice(1) ?? [] };
  if (candidates.length === 0) {
    throw new ResendError(404, "not_found", "The requested endpoint does not exist.");
  }
  const allow = candidates.map((candidate) => candidate.method).join(", ");
  const message = "This endpoint does not support the specified HTTP method.";
  throw new ResendError(405, "method_not_allowed", message, { allow });
}
