import { randomBytes } from "node:crypto";
import type { RequiredEnvName } from "../lib/env.js";

type SampleName = Exclude<RequiredEnvName, "DATABASE_URL" | "RESEND_API_KEY">;

const newSecret = () => randomBytes(32).toString("base64url");

/** The required variables of a deployment that lasts as long as its process, without those of its services. */
export const sampleEnv = (): Record<SampleName, string> => ({
  APP_URL: "http://localhost:3000",
  AUTH_SECRET: newSecret(),
  CRON_SECRET: newSecret(),
  MAIL_FROM: "Latchkey <hello@latchkey.test>",
});
