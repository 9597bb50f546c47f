import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { type Faults, faultRule } from "./faults.js";
import type { Traffic } from "./traffic.js";

export type ControlState = {
  /** Names this process, see the lock of a data directory. */
  id: string;
  traffic: Traffic;
  faults: Faults;
};

/** Tests read what a database was asked and make its requests fail. */
export async function serveControl(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  query: URLSearchParams,
  { id, traffic, faults }: ControlState,
): Promise<void> {
  // A browser says where a page comes from: no page has business here.
  if (request.headers.origin !== undefined) return answer(response, 403);

  const database = query.get("database");
  switch (`${request.method} ${pathname}`) {
    case "GET /control/identity":
      return answer(response, 200, id);
    case "GET /control/stats":
      return database === null
        ? answer(response, 400)
        : answer(response, 200, JSON.stringify(traffic.of(database)));
    case "POST /control/reset":
      if (database === null) return answer(response, 400);
      traffic.reset(database);
      return answer(response, 204);
    case "POST /control/faults": {
      const rules = parseRules(await text(request));
      if (!rules.success) return answer(response, 400, z.prettifyError(rules.error));
      faults.add(rules.data);
      return answer(response, 204);
    }
    case "DELETE /control/faults":
      faults.remove(database);
      return answer(response, 204);
    default:
      return answer(response, 404);
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

function answer(response: ServerResponse, status: number, body = ""): void {
  response.writeHead(status).end(body);
}
