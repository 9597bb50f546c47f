import type { MailKind } from "../../../lib/mail/queries.js";
import type { Answer } from "../../stack/client.js";
import { goodPassword, newEmail, subjects } from "../../stack/people.js";
import { plant, plantLink } from "../../stack/planted.js";
import type { Stack } from "../../stack/stack.js";

/** A request that causes one mail to an address which has not had any. */
type Sender = {
  causes: string;
  kind: MailKind;
  subject: string;
  status: number;
  prepare(stack: Stack): Promise<{ email: string; send(): Promise<Answer> }>;
};

const registration = (email: string) => ({ email, password: goodPassword(), name: "Ada Lovelace" });

const toPlanted =
  (path: string, isVerified: boolean): Sender["prepare"] =>
  async (stack) => {
    const { email } = await plant(stack, { isVerified });
    return { email, send: () => stack.client().post(path, { email }) };
  };

/** All there are. */
export const senders: Sender[] = [
  {
    causes: "register",
    kind: "verify-email",
    subject: subjects.verify,
    status: 202,
    async prepare(stack) {
      const email = newEmail();
      return { email, send: () => stack.client().post("/api/auth/register", registration(email)) };
    },
  },
  {
    causes: "register with a known address",
    kind: "already-registered",
    subject: subjects.alreadyRegistered,
    status: 202,
    async prepare(stack) {
      const { email } = await plant(stack);
      return { email, send: () => stack.client().post("/api/auth/register", registration(email)) };
    },
  },
  {
    causes: "register with an address that nobody has confirmed",
    kind: "finish-registration",
    subject: subjects.finish,
    status: 202,
    async prepare(stack) {
      const { email } = await plant(stack, { isVerified: false });
      return { email, send: () => stack.client().post("/api/auth/register", registration(email)) };
    },
  },
  {
    causes: "resend-verification",
    kind: "verify-email",
    subject: subjects.verify,
    status: 202,
    prepare: toPlanted("/api/auth/resend-verification", false),
  },
  {
    causes: "forgot-password",
    kind: "reset-password",
    subject: subjects.reset,
    status: 202,
    prepare: toPlanted("/api/auth/forgot-password", true),
  },
  {
    causes: "reset-password",
    kind: "password-changed",
    subject: subjects.changed,
    status: 204,
    async prepare(stack) {
      const { id, email } = await plant(stack);
      const json = { token: await plantLink(stack, id, "reset-password"), password: goodPassword() };
      return { email, send: () => stack.client().post("/api/auth/reset-password", json) };
    },
  },
  {
    causes: "refresh with a token that was used long ago",
    kind: "session-reuse",
    subject: subjects.reuse,
    status: 401,
    async prepare(stack) {
      const { email, client, sessionId } = await plant(stack);
      await stack.sql("update sessions set generation = 2 where id = $1", [sessionId]);
      return { email, send: () => client.post("/api/auth/refresh") };
    },
  },
];
