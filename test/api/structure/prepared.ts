import type { Operation } from "../../../lib/contract.js";
import type { Answer, Client, RequestOptions } from "../../stack/client.js";
import { goodPassword, newEmail, type Person } from "../../stack/people.js";
import { plant, plantLink, plantTask } from "../../stack/planted.js";
import type { Stack } from "../../stack/stack.js";

/** A request that succeeds when it is sent as it is, and whoever sends it. */
export type Prepared = { client: Client; path: string; options: RequestOptions; person?: Person };
type Prepare = (stack: Stack) => Promise<Prepared>;

const anybody =
  (path: string): Prepare =>
  async (stack) => ({ client: stack.client(), path, options: {} });

const byUser =
  (path: string, json?: unknown): Prepare =>
  async (stack) => {
    const person = await plant(stack);
    return { client: person.client, path, options: { token: person.token, json }, person };
  };

const toTask =
  (json?: unknown): Prepare =>
  async (stack) => {
    const person = await plant(stack);
    const path = `/api/tasks/${await plantTask(stack, person.id)}`;
    return { client: person.client, path, options: { token: person.token, json }, person };
  };

const byAdmin =
  (pathTo: (id: string) => string, json?: unknown): Prepare =>
  async (stack) => {
    const [person, target] = [await plant(stack, { role: "admin" }), await plant(stack)];
    return { client: person.client, path: pathTo(target.id), options: { token: person.token, json }, person };
  };

const withCookie =
  (path: string): Prepare =>
  async (stack) => {
    const person = await plant(stack);
    return { client: person.client, path, options: {}, person };
  };

const toAddress =
  (path: string, isVerified: boolean): Prepare =>
  async (stack) => {
    const { email } = await plant(stack, { isVerified });
    return { client: stack.client(), path, options: { json: { email } } };
  };

const userPath = (id: string) => `/api/admin/users/${id}`;

/** By operation. */
const preparations: Record<string, Prepare> = {
  register: async (stack) => {
    const json = { email: newEmail(), password: goodPassword(), name: "Ada Lovelace" };
    return { client: stack.client(), path: "/api/auth/register", options: { json } };
  },
  verifyEmail: async (stack) => {
    const { id } = await plant(stack, { isVerified: false });
    const json = { token: await plantLink(stack, id, "verify-email") };
    return { client: stack.client(), path: "/api/auth/verify-email", options: { json } };
  },
  verifyEmailPage: async (stack) => {
    const { id } = await plant(stack, { isVerified: false });
    const token = await plantLink(stack, id, "verify-email");
    return { client: stack.client(), path: `/api/auth/verify-email?token=${token}`, options: {} };
  },
  resendVerification: toAddress("/api/auth/resend-verification", false),
  login: async (stack) => {
    const person = await plant(stack);
    const { client, email, password } = person;
    return { client, path: "/api/auth/login", options: { json: { email, password } }, person };
  },
  refresh: withCookie("/api/auth/refresh"),
  logout: withCookie("/api/auth/logout"),
  getMe: byUser("/api/auth/me"),
  patchMe: byUser("/api/auth/me", { name: "Grace Hopper" }),
  forgotPassword: toAddress("/api/auth/forgot-password", true),
  resetPassword: async (stack) => {
    const { id } = await plant(stack);
    const json = { token: await plantLink(stack, id, "reset-password"), password: goodPassword() };
    return { client: stack.client(), path: "/api/auth/reset-password", options: { json } };
  },
  resetPasswordPage: async (stack) => {
    const { id } = await plant(stack);
    const token = await plantLink(stack, id, "reset-password");
    return { client: stack.client(), path: `/api/auth/reset-password?token=${token}`, options: {} };
  },
  listTasks: byUser("/api/tasks"),
  createTask: byUser("/api/tasks", { title: "Water the plants" }),
  getTask: toTask(),
  patchTask: toTask({ title: "Changed" }),
  deleteTask: toTask(),
  listUsers: byAdmin(() => "/api/admin/users"),
  getUser: byAdmin(userPath),
  patchUser: byAdmin(userPath, { role: "admin" }),
  deleteUser: byAdmin(userPath),
  health: anybody("/api/health"),
  ready: anybody("/api/ready"),
  deliverOutbox: async (stack) => {
    const token = String(stack.env["CRON_SECRET"]);
    return { client: stack.client(), path: "/api/cron/outbox", options: { token } };
  },
  jwks: anybody("/.well-known/jwks.json"),
};

/** Everything that the operation needs in order to succeed; it is not sent yet. */
export function prepare(op: Operation, stack: Stack): Promise<Prepared> {
  const preparation = preparations[op.id];
  if (!preparation) throw new Error(`nothing is prepared for ${op.id}`);
  return preparation(stack);
}

export const methodOf = (op: Operation): string => op.method.toUpperCase();

/** Sends it, with `changes` to its options, perhaps to another stack. */
export const perform = (
  op: Operation,
  { client, path, options }: Prepared,
  changes: RequestOptions = {},
  to: Client = client,
): Promise<Answer> => to.send(methodOf(op), path, { ...options, ...changes });

/** The status of success that `prepare` leads to: the first of the contract. */
export const successOf = (op: Operation): number => Number(Object.keys(op.responses)[0]);
