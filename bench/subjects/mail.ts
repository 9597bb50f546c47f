import { setTimeout as sleep } from "node:timers/promises";
import type { Usage } from "../machine/launch.js";
import type { World } from "../machine/world.js";
import { mailPages } from "../peers/mail-pages.js";
import type { MailKind, Running } from "./subject.js";

const tries = { count: 400, everyMs: 25 };

/** The variables of whoever sends mails. */
export const mailEnvironment = ({ resend }: World) => ({
  RESEND_API_KEY: resend.apiKey,
  RESEND_BASE_URL: resend.origin,
});

/** Reads links out of the mailbox. */
export function mailedLinks({ resend }: World): Running["link"] {
  return async (kind: MailKind, email: string) => {
    const link = new RegExp(`/${mailPages[kind]}#token=([\\w.-]+)`);
    for (let i = 0; i < tries.count; i += 1) {
      for (const { text } of await resend.control.mails(email)) {
        const token = link.exec(text)?.[1];
        if (token) return token;
      }
      await sleep(tries.everyMs);
    }
    throw new Error(`no ${kind} mail for ${email}`);
  };
}

/** Waits until a process has sent its last mail. */
export async function mailsSent(usage: () => Promise<Usage>): Promise<void> {
  for (let i = 0; (await usage()).mailsUnderWay > 0; i += 1) {
    if (i === tries.count) throw new Error("a mail takes too long");
    await sleep(tries.everyMs);
  }
}
