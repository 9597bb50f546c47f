import { randomBytes } from "node:crypto";
import type { RequiredEnvName } from "../lib/env.js";

type SampleName =
  | Exclude<RequiredEnvName, "DATABASE_URL" | "RESEND_API_KEY">
  | "RESEND_WEBHOOK_SECRET"
  | "EMAILS_PER_HOUR"
  | "EMAILS_PER_DAY";

const newSecret = () => randomBytes(32).toString("base64url");

/**
 * The variables of a deployment that lasts as long as its process, without those of its services. It sends any number
 * of emails.
 */
export const sampleEnv = (): Record<SampleName, string> => ({
  APP_URL: "http://localhost:3000",
  AUTH_SECRET: newSecret(),
  CRON_SECRET: newSecret(),
  MAIL_FROM: "Latchkey <hello@latchkey.test>",
  RESEND_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString("base64")}`,
  EMAILS_PER_HOUR: "1000000",
  EMAILS_PER_DAY: "1000000",
});
