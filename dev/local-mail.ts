import { randomBytes } from "node:crypto";
import { createResendServer } from "./resend/server.js";

/** Where mails go. `origin` serves the mailbox. */
export type LocalMail = {
  env: Record<string, string>;
  origin: string;
  isLocal: boolean;
  stop: () => Promise<void>;
};

/** A mailbox on this machine, unless RESEND_API_KEY says that mails are to go out. */
export async function openLocalMail(dataDir: string): Promise<LocalMail> {
  const apiKey = `re_${randomBytes(16).toString("hex")}`;
  const resend = createResendServer({ port: 0, apiKey, dataDir });
  const origin = `http://127.0.0.1:${await resend.listen()}`;
  const isLocal = !process.env["RESEND_API_KEY"];
  const sender = { MAIL_FROM: process.env["MAIL_FROM"] ?? "Latchkey <hello@latchkey.localhost>" };
  const env = isLocal ? { ...sender, RESEND_API_KEY: apiKey, RESEND_BASE_URL: origin } : sender;
  return { env, origin, isLocal, stop: resend.close };
}
