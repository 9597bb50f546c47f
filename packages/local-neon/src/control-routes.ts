import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { type Faults, faultRule } from "./faults.js";
import type { Traffic } from "./traffic.js";

export type ControlState = {
  /** Identifies this endpoint; the lock of a data directory names it. */
  id: string;
  traffic: Traffic;
  faults: Faults;
};

/** The server side of `createNeonControl`. */
export async function serveControl(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  query: URLSearchParams,
  { id, traffic, faults }: ControlState,
): Promise<void> {
  // Browsers send Origin; refusing it keeps web pages that a developer visits away from the controls.
  if (request.headers.origin !== undefined) return send(response, 403);

  const database = query.get("database");
  switch (`${request.method} ${pathname}`) {
    case "GET /control/identity":
      return send(response, 200, id);
    case "GET /control/stats":
      return database === null
        ? send(response, 400)
        : send(response, 200, JSON.stringify(traffic.of(database)));
    case "POST /control/reset":
      if (database === null) return send(response, 400);
      traffic.reset(database);
      return send(response, 204);
    case "POST /control/faults": {
      const rules = parseRules(await text(request));
      if (!rules.success) return send(response, 400, z.prettifyError(rules.error));
      faults.add(rules.data);
      return send(response, 204);
    }
    case "DELETE /control/faults":
      faults.remove(database);
      return send(response, 204);
    default:
      return send(response, 404);
  }
}

const ruleList = z.array(faultRule);

function parseRules(body: string) {
  try {
    return ruleList.safeParse(JSON.parse(body));
  } catch {
    return ruleList.safeParse(null);
  }
}

function send(response: ServerResponse, status: number, body = ""): void {
  response.writeHead(status).end(body);
}
