import { randomUUID } from "node:crypto";
import pLimit from "p-limit";
import { type LogLine, type Stack, waitFor } from "../../stack/stack.js";
import type { Call } from "./calls.js";

/** What a call came to, as the caller saw it and as the log tells. */
export type Outcome = {
  id: string;
  status: number;
  code: string | undefined;
  mayRetry: boolean;
  setCookies: string[];
  /** What every line tells that names the request. */
  lines: Pick<LogLine, "msg" | "level" | "status" | "code" | "db_calls" | "fault">[];
};

/** Sends some at a time, for each has a deadline, and waits until each has been logged. */
export async function outcomesOf(calls: Call[], stack: Stack, atOnce = 4): Promise<Outcome[]> {
  const asked = pLimit(atOnce).map(calls, async ({ id, send }) => {
    const requestId = randomUUID();
    const { status, code, setCookies, headers } = await send(requestId);
    const retryAfter = Number(headers.get("retry-after"));
    return { id, status, code, mayRetry: retryAfter > 0 && retryAfter < 60, setCookies, requestId };
  });
  const answers = await asked;
  const lines = await waitFor(() => {
    const printed = stack.logs();
    const isLogged = ({ requestId }: { requestId: string }) =>
      printed.some((line) => line.request_id === requestId && line.msg === "request");
    return answers.every(isLogged) ? printed : undefined;
  });
  return answers.map(({ requestId, ...answer }) => ({
    ...answer,
    lines: lines.filter((line) => line.request_id === requestId).map(told),
  }));
}

function told({ msg, level, status, code, db_calls, fault }: LogLine) {
  return { msg, level, status, code, db_calls, fault };
}
