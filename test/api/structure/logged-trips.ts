import type { ApiResponse } from "../../stack/client.js";
import { type Stack, waitFor } from "../../stack/stack.js";

/** The round trips that the log line of the request states. One of the stacks has served it. */
export async function loggedTrips(response: ApiResponse, ...stacks: Stack[]): Promise<number> {
  const id = response.headers.get("x-request-id");
  const logLine = await waitFor(() =>
    stacks.flatMap((stack) => stack.logs()).find((line) => line.request_id === id && line.msg === "request"),
  );
  return Number(logLine["db_calls"]);
}
