import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { listen, type Service } from "./listen.js";
import { type Defect, type ReceivedRequest, type Reply, route } from "./sample-routes.js";

/** Serves the sample document. Notes live in memory. */
export async function startSampleService(defect?: Defect): Promise<Service> {
  const notes = new Map<string, { id: string; title: string }>();
  return listen((request, response) => {
    if (defect === "drops the connection" && request.method === "DELETE") return void response.destroy();
    respond(response, request, route(request, notes, defect), defect);
  });
}

function respond(
  response: ServerResponse,
  { method }: ReceivedRequest,
  reply: Reply,
  defect: Defect | undefined,
): void {
  const requestId = randomUUID();
  const isProblem = reply.type !== undefined;
  const idInBody = defect === "sends two request ids" ? randomUUID() : requestId;
  const body = isProblem ? { ...Object(reply.body), requestId: idInBody } : reply.body;
  const isWrongType = defect === "responds with another content type" && !isProblem;
  const type = isWrongType ? "text/plain" : (reply.type ?? "application/json");
  response.writeHead(reply.status, {
    ...(body === undefined ? {} : { "content-type": type }),
    ...(defect === "omits a documented header" ? {} : { "x-request-id": requestId }),
    ...reply.headers,
  });
  if (body !== undefined && method !== "HEAD") response.end(JSON.stringify(body));
  else response.end(defect === "sends an undocumented body" ? "gone" : undefined);
}
