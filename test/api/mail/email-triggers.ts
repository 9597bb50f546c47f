import { type EmailKind, emailKinds } from "../../../db/schema/outbox.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedRegistration, seedResetLink, seedUser } from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";
import { goodPassword, newEmail, subjectOf } from "../../stack/users.js";

/** A request that sends one email to an address that has not received any. */
type EmailRequest = {
  name: string;
  status: number;
  prepare(stack: Stack): Promise<{ email: string; send(): Promise<ApiResponse> }>;
};

const newAccount = (email: string) => ({ email, password: goodPassword(), name: "Ada Lovelace" });

const forAddress =
  (path: string, seed: (stack: Stack) => Promise<{ email: string }>): EmailRequest["prepare"] =>
  async (stack) => {
    const { email } = await seed(stack);
    return { email, send: () => stack.client().post(path, { email }) };
  };

/** Every kind of request that sends email, by the kind of its email. */
const requests: Record<EmailKind, [EmailRequest, ...EmailRequest[]]> = {
  "verify-email": [
    {
      name: "register",
      status: 202,
      async prepare(stack) {
        const email = newEmail();
        return { email, send: () => stack.client().post("/api/auth/register", newAccount(email)) };
      },
    },
    {
      name: "resend-verification",
      status: 202,
      prepare: forAddress("/api/auth/resend-verification", seedRegistration),
    },
    {
      name: "forgot-password with an unconfirmed address",
      status: 202,
      prepare: forAddress("/api/auth/forgot-password", seedRegistration),
    },
  ],
  "already-registered": [
    {
      name: "resend-verification with a confirmed address",
      status: 202,
      prepare: forAddress("/api/auth/resend-verification", seedUser),
    },
    {
      name: "register with a confirmed address",
      status: 202,
      async prepare(stack) {
        const { email } = await seedUser(stack);
        return { email, send: () => stack.client().post("/api/auth/register", newAccount(email)) };
      },
    },
  ],
  "reset-password": [
    {
      name: "forgot-password",
      status: 202,
      prepare: forAddress("/api/auth/forgot-password", seedUser),
    },
  ],
  "password-changed": [
    {
      name: "reset-password",
      status: 204,
      async prepare(stack) {
        const { id, email } = await seedUser(stack);
        const json = { token: await seedResetLink(stack, id), password: goodPassword() };
        return { email, send: () => stack.client().post("/api/auth/reset-password", json) };
      },
    },
  ],
  "session-reuse": [
    {
      name: "refresh with a reused token",
      status: 401,
      async prepare(stack) {
        const { email, client, sessionId } = await seedUser(stack);
        await stack.sql("update sessions set generation = 2 where id = $1", [sessionId]);
        return { email, send: () => client.post("/api/auth/refresh") };
      },
    },
  ],
};

export const emailTriggers = emailKinds.flatMap((kind) =>
  requests[kind].map((request) => ({ ...request, kind, subject: subjectOf(kind) })),
);
