import { randomUUID } from "node:crypto";
import pLimit from "p-limit";
import { type LogLine, type Stack, waitFor } from "../../stack/stack.js";
import type { Call } from "./calls.js";

/** The result of a call, as its caller and the log see it. */
export type Observation = {
  id: string;
  status: number;
  code: string | undefined;
  hasRetryAfter: boolean;
  setCookies: string[];
  /** The log lines of the request. */
  lines: Pick<LogLine, "msg" | "level" | "status" | "code" | "db_calls" | "fault">[];
};

/** Sends the calls and waits for their log lines. Limits concurrency, because each request has a deadline. */
export async function observe(calls: Call[], stack: Stack, concurrency = 4): Promise<Observation[]> {
  const responses = await pLimit(concurrency).map(calls, async ({ id, send }) => {
    const requestId = randomUUID();
    const { status, code, setCookies, headers } = await send(requestId);
    const retryAfter = Number(headers.get("retry-after"));
    return { id, status, code, hasRetryAfter: retryAfter > 0 && retryAfter < 60, setCookies, requestId };
  });
  const lines = await waitFor(() => {
    const printed = stack.logs();
    const isLogged = ({ requestId }: { requestId: string }) =>
      printed.some((line) => line.request_id === requestId && line.msg === "request");
    return responses.every(isLogged) ? printed : undefined;
  });
  // On a busy machine, the check of breached passwords may reach its own timeout.
  const ownLines = lines.filter(({ msg }) => msg !== "breach-check");
  return responses.map(({ requestId, ...response }) => ({
    ...response,
    lines: ownLines.filter((line) => line.request_id === requestId).map(summarize),
  }));
}

function summarize({ msg, level, status, code, db_calls, fault }: LogLine) {
  return { msg, level, status, code, db_calls, fault };
}
