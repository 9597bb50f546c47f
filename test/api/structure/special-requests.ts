import type { Operation } from "../../../lib/contract.js";
import type { Client, RequestOptions } from "../../stack/client.js";
import {
  seedClosing,
  seedEmailChange,
  seedNotice,
  seedRegistration,
  seedResetLink,
  seedSession,
  seedUser,
} from "../../stack/seed.js";
import { signedEvent } from "../../stack/signed-event.js";
import type { Stack } from "../../stack/stack.js";
import { newEmail, type TestUser } from "../../stack/users.js";
import { insertFailedEmail } from "../mail/outbox-emails.js";
import { exampleBody } from "./openapi-requests.js";

/** A request that succeeds when it is sent unchanged. */
export type ValidRequest = { client: Client; path: string; options: RequestOptions; person?: TestUser };

/** The documented example body with these members replaced. */
const withBody = (op: Operation, client: Client, members: Record<string, unknown>): ValidRequest => ({
  client,
  path: op.path,
  options: { json: { ...exampleBody(op), ...members } },
});

/** Requests for which the documented example is not enough, by operation id. */
export const specialRequests: Record<string, (op: Operation, stack: Stack) => Promise<ValidRequest>> = {
  register: async (op, stack) => withBody(op, stack.client(), { email: newEmail() }),
  verifyEmail: async (op, stack) => {
    const { token, registration } = await seedRegistration(stack);
    return { client: stack.client(), path: op.path, options: { json: { token, registration } } };
  },
  verifyEmailPage: async (op, stack) => {
    const { token } = await seedRegistration(stack);
    return { client: stack.client(), path: `${op.path}?token=${token}`, options: {} };
  },
  resendVerification: async (op, stack) => {
    const { email } = await seedRegistration(stack);
    return withBody(op, stack.client(), { email });
  },
  login: async (op, stack) => {
    const person = await seedUser(stack);
    const { client, email, password } = person;
    return { ...withBody(op, client, { email, password }), person };
  },
  deleteSession: async (op, stack) => {
    const person = await seedUser(stack);
    const path = op.path.replace("{id}", await seedSession(stack, person.id));
    return { client: person.client, path, options: { token: person.token }, person };
  },
  deleteSessions: async (op, stack) => {
    const person = await seedUser(stack);
    await seedSession(stack, person.id);
    return { client: person.client, path: op.path, options: { token: person.token }, person };
  },
  stepUp: async (op, stack) => {
    const person = await seedUser(stack);
    const { client, token, password } = person;
    const { path, options } = withBody(op, client, { password });
    return { client, path, options: { ...options, token }, person };
  },
  changePassword: async (op, stack) => {
    const person = await seedUser(stack);
    const { client, token, password } = person;
    const { path, options } = withBody(op, client, { currentPassword: password });
    return { client, path, options: { ...options, token }, person };
  },
  restoreAccount: async (op, stack) => {
    const { id } = await seedUser(stack);
    return withBody(op, stack.client(), { token: await seedClosing(stack, id) });
  },
  changeEmail: async (op, stack) => {
    const person = await seedUser(stack);
    const { path, options } = withBody(op, person.client, { email: newEmail() });
    return { client: person.client, path, options: { ...options, token: person.token }, person };
  },
  confirmNewEmail: async (op, stack) => {
    const { id } = await seedUser(stack);
    return withBody(op, stack.client(), { token: await seedEmailChange(stack, id, newEmail()) });
  },
  notMe: async (op, stack) =>
    withBody(op, stack.client(), { token: await seedNotice(stack, await seedUser(stack)) }),
  forgotPassword: async (op, stack) => {
    const { email } = await seedUser(stack);
    return withBody(op, stack.client(), { email });
  },
  resetPassword: async (op, stack) => {
    const { id } = await seedUser(stack);
    return withBody(op, stack.client(), { token: await seedResetLink(stack, id) });
  },
  resetPasswordPage: async (op, stack) => {
    const { id } = await seedUser(stack);
    const token = await seedResetLink(stack, id);
    return { client: stack.client(), path: `${op.path}?token=${token}`, options: {} };
  },
  restoreUser: async (op, stack) => {
    const person = await seedUser(stack, { role: "admin" });
    const { id } = await seedUser(stack, { isClosed: true });
    return {
      client: person.client,
      path: op.path.replace("{id}", id),
      options: { token: person.token },
      person,
    };
  },
  receiveEmailEvent: async (op, stack) => ({
    client: stack.client(),
    path: op.path,
    options: signedEvent(stack, exampleBody(op)),
  }),
};

/** Inserts a resource that no operation creates, by path. @returns its id */
export const seededResources: Record<string, (stack: Stack) => Promise<string>> = {
  "/api/admin/users/{id}": async (stack) => (await seedUser(stack)).id,
  "/api/admin/outbox/{id}": async (stack) => (await insertFailedEmail(stack)).id,
};
