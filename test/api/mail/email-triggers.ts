import type { EmailKind } from "../../../db/schema/outbox.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedLink, seedUser } from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";
import { goodPassword, newEmail, subjects } from "../../stack/users.js";

/** A request that sends one email to an address that has not received any. */
type EmailTrigger = {
  name: string;
  kind: EmailKind;
  subject: string;
  status: number;
  prepare(stack: Stack): Promise<{ email: string; send(): Promise<ApiResponse> }>;
};

const newAccount = (email: string) => ({ email, password: goodPassword(), name: "Ada Lovelace" });

const forPlantedUser =
  (path: string, isVerified: boolean): EmailTrigger["prepare"] =>
  async (stack) => {
    const { email } = await seedUser(stack, { isVerified });
    return { email, send: () => stack.client().post(path, { email }) };
  };

/** Every kind of request that sends email. */
export const emailTriggers: EmailTrigger[] = [
  {
    name: "register",
    kind: "verify-email",
    subject: subjects.verify,
    status: 202,
    async prepare(stack) {
      const email = newEmail();
      return { email, send: () => stack.client().post("/api/auth/register", newAccount(email)) };
    },
  },
  {
    name: "register with a confirmed address",
    kind: "already-registered",
    subject: subjects.alreadyRegistered,
    status: 202,
    async prepare(stack) {
      const { email } = await seedUser(stack);
      return { email, send: () => stack.client().post("/api/auth/register", newAccount(email)) };
    },
  },
  {
    name: "register with an unconfirmed address",
    kind: "finish-registration",
    subject: subjects.finish,
    status: 202,
    async prepare(stack) {
      const { email } = await seedUser(stack, { isVerified: false });
      return { email, send: () => stack.client().post("/api/auth/register", newAccount(email)) };
    },
  },
  {
    name: "resend-verification",
    kind: "verify-email",
    subject: subjects.verify,
    status: 202,
    prepare: forPlantedUser("/api/auth/resend-verification", false),
  },
  {
    name: "forgot-password",
    kind: "reset-password",
    subject: subjects.reset,
    status: 202,
    prepare: forPlantedUser("/api/auth/forgot-password", true),
  },
  {
    name: "reset-password",
    kind: "password-changed",
    subject: subjects.changed,
    status: 204,
    async prepare(stack) {
      const { id, email } = await seedUser(stack);
      const json = { token: await seedLink(stack, id, "reset-password"), password: goodPassword() };
      return { email, send: () => stack.client().post("/api/auth/reset-password", json) };
    },
  },
  {
    name: "refresh with a reused token",
    kind: "session-reuse",
    subject: subjects.reuse,
    status: 401,
    async prepare(stack) {
      const { email, client, sessionId } = await seedUser(stack);
      await stack.sql("update sessions set generation = 2 where id = $1", [sessionId]);
      return { email, send: () => client.post("/api/auth/refresh") };
    },
  },
];
