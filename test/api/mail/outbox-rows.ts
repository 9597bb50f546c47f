import { type LogLine, type Stack, waitFor } from "../../stack/stack.js";

/** An email as `outbox` stores it; `dueIn` is in seconds from now. */
export type OutboxRow = {
  id: string;
  kind: string;
  attempts: number;
  isSent: boolean;
  isDead: boolean;
  dueIn: number;
  error: string | null;
};

export async function rowsOf(stack: Stack, recipient: string): Promise<OutboxRow[]> {
  const rows = await stack.sql(
    `select id, kind, attempts, sent_at is not null as "isSent", dead_at is not null as "isDead",
            extract(epoch from due_at - now())::float8 as "dueIn", last_error as error
       from outbox where recipient = $1 order by created_at`,
    [recipient],
  );
  return rows as OutboxRow[];
}

/** Waits until the only row of a recipient satisfies `isWanted`, and returns it. */
export function rowWhen(stack: Stack, recipient: string, isWanted: (row: OutboxRow) => boolean) {
  let row: OutboxRow | undefined;
  const look = async () => {
    [row] = await rowsOf(stack, recipient);
    return row && isWanted(row) ? row : undefined;
  };
  return waitFor(look, 30_000, () => explainRow(row));
}

/** Why a row that a test waits for may not have come. */
function explainRow(row: OutboxRow | undefined): string {
  if (!row) return "The request inserted no email: does its query have a CTE with insertEmail?";
  const wasTried = row.attempts > 1 || row.isSent || row.error !== null;
  const advice = wasTried ? "" : " Nothing tried to send it: does the handler call mailer.sendLater?";
  return `The ${row.kind} email is not as expected: ${JSON.stringify(row)}.${advice}`;
}

/** Ends the lease or the backoff of every email to a recipient. */
export const makeDue = (stack: Stack, recipient: string) =>
  stack.sql("update outbox set due_at = now() - interval '1 second' where recipient = $1", [recipient]);

export const runCron = (stack: Stack) =>
  stack.client().get("/api/cron/outbox", { token: String(stack.env["CRON_SECRET"]) });

/** Matches the log lines about an email. */
export const isAboutEmail = (id: string) => (line: LogLine) => line["email_id"] === id;

/** The log lines about attempts to send an email. */
export const attemptLines = (stack: Stack, id: string) =>
  stack
    .logs()
    .filter(isAboutEmail(id))
    .filter(({ msg }) => msg === "email");

/** Occurs only in the statement of lib/mail that records the results of sending. */
export const recordResultsSql = "recorded_email as";
