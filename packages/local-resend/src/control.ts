import { setTimeout as sleep } from "node:timers/promises";
import type { FaultRule } from "./faults.js";
import type { ReceivedEmail } from "./mailbox-routes.js";
import type { Statistics } from "./send-routes.js";
import type { EventRequest } from "./webhook.js";

const pollMs = 30;

/** Lets tests read the mailbox of a running endpoint and make its requests fail. */
export type ResendControl = {
  /** Counts since the start. */
  stats(): Promise<Statistics>;
  /** The idempotency keys of the requests accepted in the last 24 hours. */
  idempotencyKeys(): Promise<string[]>;
  inject(rule: FaultRule): Promise<void>;
  /** Sends a signed event about a received email to a webhook, and returns the status of its response. */
  sendEvent(event: EventRequest): Promise<number>;
  /** Removes all fault rules. */
  heal(): Promise<void>;
  /** Newest first. */
  mails(to?: string): Promise<ReceivedEmail[]>;
  /**
   * Waits (30 seconds by default) for an email to `to` whose subject contains `subject`; returns the newest.
   * @throws Error that lists the subjects that did arrive.
   */
  waitForMail(
    to: string,
    options?: { subject?: string | RegExp; timeoutMs?: number },
  ): Promise<ReceivedEmail>;
};

/** Controls the endpoint that listens at `origin`, from any process. */
export function createResendControl(origin: string): ResendControl {
  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(`${origin}${path}`, init);
    if (!response.ok) throw new Error(`${path} returned ${response.status}: ${await response.text()}`);
    return response;
  }

  async function mails(to?: string): Promise<ReceivedEmail[]> {
    const query = to === undefined ? "" : `?${new URLSearchParams({ to })}`;
    return (await call(`/dev/mailbox.json${query}`)).json() as Promise<ReceivedEmail[]>;
  }

  return {
    mails,
    stats: async () => (await call("/control/stats")).json() as Promise<Statistics>,
    idempotencyKeys: async () => (await call("/control/idempotency-keys")).json() as Promise<string[]>,
    async inject(rule) {
      await call("/control/faults", { method: "POST", body: JSON.stringify(rule) });
    },
    async sendEvent(event) {
      const response = await call("/control/events", { method: "POST", body: JSON.stringify(event) });
      return ((await response.json()) as { status: number }).status;
    },
    async heal() {
      await call("/control/faults", { method: "DELETE" });
    },
    async waitForMail(to, { subject = "", timeoutMs = 30_000 } = {}) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const received = await mails(to);
        const email = received.find((candidate) => candidate.subject.search(toPattern(subject)) >= 0);
        if (email) return email;
        if (Date.now() >= deadline) {
          const subjects = received.map((other) => other.subject).join(", ") || "nothing";
          throw new Error(
            `No email to ${to} matching ${subject} within ${timeoutMs} ms; arrived: ${subjects}`,
          );
        }
        await sleep(pollMs);
      }
    },
  };
}

function toPattern(subject: string | RegExp): RegExp {
  return typeof subject === "string" ? new RegExp(subject.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : subject;
}
