import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { type Child, startChild } from "../start-child.js";
import type { FaultRule } from "./faults.js";
import type { Mail } from "./mailbox-routes.js";
import type { Stats } from "./sending.js";
import type { ResendConfig } from "./server.js";

const POLL_MS = 30;
const ready = z.object({ port: z.int() });

export type ResendControl = {
  stats(): Promise<Stats>;
  inject(rule: FaultRule): Promise<void>;
  heal(): Promise<void>;
  /** Newest first. */
  mails(to?: string): Promise<Mail[]>;
  /**
   * The newest mail to an address whose subject contains `subject`, waited for (5 s unless told).
   * @throws Error that lists the subjects that did arrive.
   */
  waitForMail(to: string, options?: { subject?: string | RegExp; timeoutMs?: number }): Promise<Mail>;
};

export type RunningResend = { origin: string; control: ResendControl; child: Child; stop(): Promise<void> };

/** Starts the local Resend in a process of its own. */
export async function startResend(config: ResendConfig): Promise<RunningResend> {
  const child = await startChild(fileURLToPath(new URL("../resend.ts", import.meta.url)), config);
  const origin = `http://127.0.0.1:${ready.parse(child.ready).port}`;
  return { origin, control: resendControl(origin), child, stop: () => child.stop() };
}

/** Steers a local Resend that listens at `origin`. */
export function resendControl(origin: string): ResendControl {
  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(`${origin}${path}`, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response;
  }

  async function mails(to?: string): Promise<Mail[]> {
    const query = to === undefined ? "" : `?${new URLSearchParams({ to })}`;
    return (await call(`/dev/mailbox.json${query}`)).json() as Promise<Mail[]>;
  }

  return {
    mails,
    stats: async () => (await call("/control/stats")).json() as Promise<Stats>,
    async inject(rule) {
      await call("/control/faults", { method: "POST", body: JSON.stringify(rule) });
    },
    async heal() {
      await call("/control/faults", { method: "DELETE" });
    },
    async waitForMail(to, { subject = "", timeoutMs = 30_000 } = {}) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const arrived = await mails(to);
        const mail = arrived.find((candidate) => candidate.subject.search(asPattern(subject)) >= 0);
        if (mail) return mail;
        if (Date.now() >= deadline) {
          const subjects = arrived.map((other) => other.subject).join(", ") || "nothing";
          throw new Error(
            `No mail to ${to} matching ${subject} within ${timeoutMs} ms; arrived: ${subjects}`,
          );
        }
        await sleep(POLL_MS);
      }
    },
  };
}

function asPattern(subject: string | RegExp): RegExp {
  return typeof subject === "string" ? new RegExp(subject.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : subject;
}
