import { type Stack, waitFor } from "../../stack/stack.js";

/** As `outbox` holds a mail; times as seconds from now. */
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

/** The one row of a recipient, as soon as it is as wanted. */
export const rowWhen = (stack: Stack, recipient: string, isWanted: (row: OutboxRow) => boolean) =>
  waitFor(async () => {
    const [row] = await rowsOf(stack, recipient);
    return row && isWanted(row) ? row : undefined;
  }, 12_000);

/** Ends the lease, or the wait for the next attempt. */
export const makeDue = (stack: Stack, recipient: string) =>
  stack.sql("update outbox set due_at = now() - interval '1 second' where recipient = $1", [recipient]);

export const runCron = (stack: Stack) =>
  stack.client().get("/api/cron/outbox", { token: String(stack.env["CRON_SECRET"]) });

/** Every line the functions wrote about attempts to send this mail. */
export const mailLines = (stack: Stack, id: string) =>
  stack.logs().filter((line) => line.msg === "mail" && line["mail"] === id);
