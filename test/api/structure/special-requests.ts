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
import { createFeed } from "../feed/new-feed.js";
import { createLabel } from "../labels/new-label.js";
import { insertFailedEmail } from "../mail/outbox-emails.js";
import { createProject } from "../projects/new-project.js";
import { creation } from "../tasks/batches.js";
import { createTask } from "../tasks/new-task.js";
import { exampleBody } from "./openapi-requests.js";

/** A request that succeeds when it is sent unchanged. */
export type ValidRequest = { client: Client; path: string; options: RequestOptions; person?: TestUser };

/** The documented example body with these members replaced. */
const withBody = (op: Operation, client: Client, members: Record<string, unknown>): ValidRequest => ({
  client,
  path: op.path,
  options: { json: { ...exampleBody(op), ...members } },
});

async function ofLabel(op: Operation, stack: Stack): Promise<ValidRequest> {
  const person = await seedUser(stack);
  const { path } = await createLabel(person);
  const { client, token } = person;
  return { client, path, options: { json: exampleBody(op), token }, person };
}

async function newFeed(stack: Stack) {
  const person = await seedUser(stack);
  const { path } = await createFeed(person);
  // The notice is sent after the response.
  await stack.waitUntilIdle();
  return { person, path };
}

async function ofFeed(op: Operation, stack: Stack): Promise<ValidRequest> {
  const { person } = await newFeed(stack);
  const { client, token } = person;
  return { client, path: op.path, options: { token }, person };
}

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
  restoreTask: async (op, stack) => {
    const person = await seedUser(stack);
    const { client, token } = person;
    const { path } = await createTask(person);
    await client.delete(path, { token });
    return { client, path: op.path.replace("/api/tasks/{id}", path), options: { token }, person };
  },
  batchTasks: async (op, stack) => {
    const person = await seedUser(stack);
    const { task } = await createTask(person);
    const operations = [creation(), { op: "update", id: task.id, version: 1, task: { title: "Changed" } }];
    return {
      client: person.client,
      path: op.path,
      options: { token: person.token, json: { operations } },
      person,
    };
  },
  // The example is a dry run.
  importTasks: async (op, stack) => {
    const person = await seedUser(stack);
    const { path, options } = withBody(op, person.client, { dryRun: false });
    return { client: person.client, path, options: { ...options, token: person.token }, person };
  },
  moveTask: async (op, stack) => {
    const person = await seedUser(stack);
    const [moved, after] = [await createTask(person), await createTask(person)];
    const path = op.path.replace("/api/tasks/{id}", moved.path);
    const options = { token: person.token, json: { after: after.task.id } };
    return { client: person.client, path, options, person };
  },
  getFeed: ofFeed,
  deleteFeed: ofFeed,
  readFeed: async (_, stack) => {
    const { person, path } = await newFeed(stack);
    return { client: stack.client(), path, options: {}, person };
  },
  moveProject: async (op, stack) => {
    const person = await seedUser(stack);
    const [moved, after] = [await createProject(person), await createProject(person)];
    const path = op.path.replace("/api/projects/{id}", moved.path);
    const options = { token: person.token, json: { after: after.id } };
    return { client: person.client, path, options, person };
  },
  getLabel: ofLabel,
  patchLabel: ofLabel,
  deleteLabel: ofLabel,
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
