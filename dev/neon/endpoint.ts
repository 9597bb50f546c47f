import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { failureAnswer, resultAnswer } from "./answer.js";
import type { Backend } from "./backend.js";
import { type ControlState, serveControl } from "./control.js";
import { deliver, send } from "./deliver.js";
import { Failure } from "./failure.js";
import { readSqlRequest, type SqlRequest } from "./sql-request.js";

/** Idle connections outlive the pause of a developer; clients are told and close before. */
const keepAliveMs = 60_000;

/** The HTTP side: `POST /sql` for drivers, `/control` for tests. */
export function createEndpoint(backend: () => Promise<Backend>, state: ControlState): Server {
  return createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://endpoint");
    const served = pathname.startsWith("/control/")
      ? serveControl(request, response, pathname, searchParams, state)
      : serve(request, response, pathname, backend, state);
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
  backend: () => Promise<Backend>,
  state: ControlState,
): Promise<void> {
  if (pathname !== "/sql") return send(response, failureAnswer(new Failure(404, "no such path")));
  if (request.method !== "POST") return send(response, failureAnswer(new Failure(405, "use POST")));

  let asked: SqlRequest;
  try {
    asked = await readSqlRequest(request);
  } catch (error) {
    return send(response, failureAnswer(error));
  }
  await serveSql(response, asked, backend, state);
}

async function serveSql(
  response: ServerResponse,
  { connection, work }: SqlRequest,
  backend: () => Promise<Backend>,
  { traffic, faults }: ControlState,
): Promise<void> {
  const texts = work.queries.map((query) => query.text);
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

  await deliver(response, fault, async () => {
    try {
      const { run } = await backend();
      return resultAnswer(work, await run(connection, work, disconnected.signal));
    } catch (error) {
      arrival.failed();
      return failureAnswer(error);
    }
  });
}
