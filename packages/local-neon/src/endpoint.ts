import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Backend, Query } from "./backend.js";
import { type ControlState, serveControl } from "./control-routes.js";
import { plainText, send, sendWithFault } from "./fault-response.js";
import { foreignHostText, isLoopbackHost } from "./loopback-host.js";
import { NeonError } from "./neon-error.js";
import { errorResponse, resultResponse } from "./neon-response.js";
import { readSqlRequest, type SqlRequest } from "./sql-request.js";

/** Outlasts a developer's pause. Node sends it in `Keep-Alive`, so clients close idle connections first. */
const keepAliveMs = 60_000;

export type EndpointState = ControlState & {
  backend(): Promise<Backend>;
  beforeBatch?: ((queries: Query[]) => void | Promise<void>) | undefined;
};

/** The HTTP side: `POST /sql` for drivers, `/control` for tests. */
export function createEndpoint(state: EndpointState): Server {
  return createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    if (!isLoopbackHost(request.headers.host ?? "")) return send(response, plainText(403, foreignHostText));
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://endpoint");
    const served = pathname.startsWith("/control/")
      ? serveControl(request, response, pathname, searchParams, state)
      : serve(request, response, pathname, state);
    served.catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  state: EndpointState,
): Promise<void> {
  if (pathname !== "/sql") return send(response, errorResponse(new NeonError(404, "no such path")));
  if (request.method !== "POST") return send(response, errorResponse(new NeonError(405, "use POST")));

  let sqlRequest: SqlRequest;
  try {
    sqlRequest = await readSqlRequest(request);
  } catch (error) {
    return send(response, errorResponse(error));
  }
  await serveSql(response, sqlRequest, state);
}

async function serveSql(
  response: ServerResponse,
  { connection, batch }: SqlRequest,
  { backend, beforeBatch, traffic, faults }: EndpointState,
): Promise<void> {
  const texts = batch.queries.map((query) => query.text);
  const arrival = traffic.arrived(connection.database, texts);
  const fault = faults.take(connection.database, texts);
  if (fault && fault.kind !== "slow") arrival.failed();

  const disconnected = new AbortController();
  response.once("close", () => {
    arrival.ended();
    if (response.writableFinished) return;
    arrival.failed();
    disconnected.abort();
  });

  await sendWithFault(response, fault, async () => {
    try {
      await beforeBatch?.(batch.queries);
      const { run } = await backend();
      return resultResponse(batch, await run(connection, batch, disconnected.signal));
    } catch (error) {
      arrival.failed();
      return errorResponse(error);
    }
  });
}
