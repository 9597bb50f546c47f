import { setTimeout as sleep } from "node:timers/promises";
import type { Usage } from "../machine/launch.js";
import type { Testbed } from "../machine/testbed.js";
import { emailPages } from "../peers/email-pages.js";
import type { EmailKind, RunningSubject } from "./subject.js";

const retries = { count: 400, everyMs: 25 };

/** Points a subject at the local Resend. */
export const emailEnvironment = ({ resend }: Testbed) => ({
  RESEND_API_KEY: resend.apiKey,
  RESEND_BASE_URL: resend.origin,
});

/** Reads the tokens of emailed links from the mailbox. */
export function emailedTokens({ resend }: Testbed): RunningSubject["emailedToken"] {
  return async (kind: EmailKind, email: string) => {
    const link = new RegExp(`/${emailPages[kind]}#token=([\\w.-]+)`);
    for (let i = 0; i < retries.count; i += 1) {
      for (const { text } of await resend.control.mails(email)) {
        const token = link.exec(text)?.[1];
        if (token) return token;
      }
      await sleep(retries.everyMs);
    }
    throw new Error(`no ${kind} email for ${email}`);
  };
}

export async function waitForPendingEmails(usage: () => Promise<Usage>): Promise<void> {
  for (let i = 0; (await usage()).pendingEmails > 0; i += 1) {
    if (i === retries.count) throw new Error("an email is still pending after 10 s");
    await sleep(retries.everyMs);
  }
}
