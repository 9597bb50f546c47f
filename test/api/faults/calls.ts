import { randomUUID } from "node:crypto";
import type { Operation } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import type { Answer } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import { perform, prepare, successOf } from "../structure/prepared.js";

/** One request of one operation, the same however often it is sent: its cookie, key and address stay. */
export type Call = {
  id: string;
  reads: boolean;
  /** Of its first time. */
  success: number;
  send(requestId?: string): Promise<Answer>;
};

/**
 * One call for every operation that needs the database, on behalf of people made for them. `to` is whom they call
 * when it is another stack with the same database.
 */
export function callsOf(stack: Stack, to: Stack = stack): Promise<Call[]> {
  return Promise.all(routes.filter((op) => op.trips > 0).map((op) => callOf(op, stack, to)));
}

async function callOf(op: Operation, stack: Stack, to: Stack): Promise<Call> {
  const prepared = await prepare(op, stack);
  const cookie = [...prepared.client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const client = to === stack ? prepared.client : to.client();
  const key = op.id === "createTask" ? { "idempotency-key": randomUUID() } : {};
  return {
    id: op.id,
    reads: op.method === "get" && op.id !== "deliverOutbox",
    success: successOf(op),
    send: (requestId = randomUUID()) =>
      perform(op, prepared, { cookie, headers: { ...key, "x-request-id": requestId } }, client),
  };
}

/** Asks each once, one after the other. @throws Error when one does not succeed */
export async function sendEach(calls: Call[]): Promise<void> {
  for (const { id, success, send } of calls) {
    const { status, text } = await send();
    if (status !== success) throw new Error(`${id} answered ${status}: ${text}`);
  }
}
