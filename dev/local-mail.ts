import { randomBytes } from "node:crypto";
import { startLocalResend } from "@latchkey/local-resend";

/** How the functions send email. `origin` serves the mailbox. */
export type LocalMail = {
  env: Record<string, string>;
  origin: string;
  isLocal: boolean;
  stop: () => Promise<void>;
};

/** The mailbox has no plan to exceed. */
const unlimited = () => ({
  EMAILS_PER_HOUR: process.env["EMAILS_PER_HOUR"] ?? "1000000",
  EMAILS_PER_DAY: process.env["EMAILS_PER_DAY"] ?? "1000000",
});

/** Emails go to a mailbox on this machine, unless RESEND_API_KEY is set. */
export async function openLocalMail(dataDir: string): Promise<LocalMail> {
  const apiKey = `re_${randomBytes(16).toString("hex")}`;
  const { origin, stop } = await startLocalResend({ apiKey, dataDir });
  const isLocal = !process.env["RESEND_API_KEY"];
  const sender = { MAIL_FROM: process.env["MAIL_FROM"] ?? "Latchkey <hello@latchkey.localhost>" };
  const local = { RESEND_API_KEY: apiKey, RESEND_BASE_URL: origin, ...unlimited() };
  const env = isLocal ? { ...sender, ...local } : sender;
  return { env, origin, isLocal, stop };
}
