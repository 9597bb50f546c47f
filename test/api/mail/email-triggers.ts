import pLimit from "p-limit";
import { type EmailKind, emailKinds } from "../../../db/schema/outbox.js";
import type { Role } from "../../../db/schema/users.js";
import type { ApiResponse } from "../../stack/client.js";
import {
  seedClosedUser,
  seedEmailChange,
  seedNotice,
  seedRegistration,
  seedResetLink,
  seedUser,
} from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";
import { goodPassword, newEmail, subjectOf, type TestUser } from "../../stack/users.js";

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

/** The only admin in a stack who is not banned: each of them gets an email about each new admin. */
const admins = new WeakMap<Stack, Promise<TestUser>>();
function adminOf(stack: Stack): Promise<TestUser> {
  const admin = admins.get(stack) ?? seedUser(stack, { role: "admin" });
  admins.set(stack, admin);
  return admin;
}

const oneNewAdmin = pLimit(1);

/** A change by an admin, which sends an email to the user that it affects. */
const change =
  (traits: { role?: Role; isBanned?: boolean }, members: Record<string, unknown>): EmailRequest["prepare"] =>
  async (stack) => {
    const { client, token } = await adminOf(stack);
    const { id, email } = await seedUser(stack, traits);
    const patch = () => client.patch(`/api/admin/users/${id}`, members, { token });
    return { email, send: () => ("role" in members ? oneNewAdmin(patch) : patch()) };
  };

/** Another operation of an admin on a user. */
const onUser =
  (
    method: "post" | "delete",
    operation: string,
    traits: { isClosed?: boolean } = {},
  ): EmailRequest["prepare"] =>
  async (stack) => {
    const { client, token } = await adminOf(stack);
    const { id, email } = await seedUser(stack, traits);
    const path = `/api/admin/users/${id}/${operation}`;
    const send = () =>
      method === "post" ? client.post(path, undefined, { token }) : client.delete(path, { token });
    return { email, send };
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
      name: "change-email to an address with an account",
      status: 202,
      async prepare(stack) {
        const { client, token } = await seedUser(stack);
        const { email } = await seedUser(stack);
        return { email, send: () => client.post("/api/auth/change-email", { email }, { token }) };
      },
    },
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
    { name: "an admin who starts a reset", status: 202, prepare: onUser("post", "password-reset") },
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
  "password-changed-signed-in": [
    {
      name: "change-password",
      status: 200,
      async prepare(stack) {
        const { email, client, token, password } = await seedUser(stack);
        const json = { currentPassword: password, newPassword: goodPassword() };
        return { email, send: () => client.post("/api/auth/change-password", json, { token }) };
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
  "new-device": [
    {
      name: "login in a new browser",
      status: 200,
      async prepare(stack) {
        const { email, password } = await seedUser(stack);
        return { email, send: () => stack.client().post("/api/auth/login", { email, password }) };
      },
    },
  ],
  "confirm-email": [
    {
      name: "change-email",
      status: 202,
      async prepare(stack) {
        const { client, token } = await seedUser(stack);
        const email = newEmail();
        return { email, send: () => client.post("/api/auth/change-email", { email }, { token }) };
      },
    },
  ],
  "email-change-requested": [
    {
      name: "change-email",
      status: 202,
      async prepare(stack) {
        const { client, email, token } = await seedUser(stack);
        const json = { email: newEmail() };
        return { email, send: () => client.post("/api/auth/change-email", json, { token }) };
      },
    },
  ],
  "email-changed": [
    {
      name: "confirm-email",
      status: 200,
      async prepare(stack) {
        const { id, email } = await seedUser(stack);
        const token = await seedEmailChange(stack, id, newEmail());
        return { email, send: () => stack.client().post("/api/auth/confirm-email", { token }) };
      },
    },
  ],
  "account-secured": [
    {
      name: "not-me",
      status: 200,
      async prepare(stack) {
        const user = await seedUser(stack);
        const token = await seedNotice(stack, { ...user, email: newEmail() });
        return { email: user.email, send: () => stack.client().post("/api/auth/not-me", { token }) };
      },
    },
  ],
  "admin-added": [
    {
      name: "a change that makes another user an admin",
      status: 200,
      async prepare(stack) {
        const { client, token } = await adminOf(stack);
        const { id, email } = await seedUser(stack, { role: "admin", isBanned: true });
        const newcomer = await seedUser(stack, { isBanned: true });
        const path = `/api/admin/users/${newcomer.id}`;
        const ban = (sql: string) => stack.sql(`update users set banned_at = ${sql} where id = $1`, [id]);
        return {
          email,
          // Not banned for a moment only, so that this address hears of this new admin only.
          send: () =>
            oneNewAdmin(async () => {
              await ban("null");
              const response = await client.patch(path, { role: "admin" }, { token });
              await ban("now()");
              return response;
            }),
        };
      },
    },
  ],
  promoted: [
    {
      name: "a change that makes a user an admin",
      status: 200,
      prepare: change({ isBanned: true }, { role: "admin" }),
    },
  ],
  demoted: [
    {
      name: "a change that removes the admin role",
      status: 200,
      prepare: change({ role: "admin", isBanned: true }, { role: "user" }),
    },
  ],
  banned: [{ name: "a ban", status: 200, prepare: change({}, { banned: true }) }],
  "ban-changed": [
    {
      name: "another reason for a ban",
      status: 200,
      prepare: change({ isBanned: true }, { banned: true, banReason: "Spam" }),
    },
  ],
  "sessions-ended-by-admin": [
    { name: "an admin who ends the sessions", status: 204, prepare: onUser("delete", "sessions") },
  ],
  unbanned: [
    { name: "the end of a ban", status: 200, prepare: change({ isBanned: true }, { banned: false }) },
  ],
  "account-closed": [
    {
      name: "closing an account",
      status: 202,
      async prepare(stack) {
        const { email, client, token } = await seedUser(stack);
        return { email, send: () => client.delete("/api/auth/me", { token }) };
      },
    },
    {
      name: "register with the address of a closed account",
      status: 202,
      async prepare(stack) {
        const { email } = await seedClosedUser(stack);
        return { email, send: () => stack.client().post("/api/auth/register", newAccount(email)) };
      },
    },
    {
      name: "forgot-password with the address of a closed account",
      status: 202,
      prepare: forAddress("/api/auth/forgot-password", seedClosedUser),
    },
    {
      name: "resend-verification with the address of a closed account",
      status: 202,
      prepare: forAddress("/api/auth/resend-verification", seedClosedUser),
    },
  ],
  "account-restored": [
    {
      name: "restoring an account as an admin",
      status: 200,
      prepare: onUser("post", "restore", { isClosed: true }),
    },
    {
      name: "restoring an account with the link",
      status: 200,
      async prepare(stack) {
        const { email, restoration } = await seedClosedUser(stack);
        return { email, send: () => stack.client().post("/api/auth/restore", { token: restoration }) };
      },
    },
  ],
  "feed-created": [
    {
      name: "a new calendar feed",
      status: 201,
      async prepare(stack) {
        const { email, client, token } = await seedUser(stack);
        return { email, send: () => client.post("/api/feed", undefined, { token }) };
      },
    },
  ],
};

export const emailTriggers = emailKinds.flatMap((kind) =>
  requests[kind].map((request) => ({ ...request, kind, subject: subjectOf(kind) })),
);
