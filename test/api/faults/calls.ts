import { randomUUID } from "node:crypto";
import type { Answer, RequestOptions } from "../../stack/client.js";
import { goodPassword, mailedToken, newEmail, register, signUpAdmin, subjects } from "../../stack/people.js";
import type { Stack } from "../../stack/stack.js";

/** A valid request of one operation. Sent twice it may be refused, but never for its shape. */
export type Call = { id: string; reads: boolean; send(requestId?: string): Promise<Answer> };

/**
 * One call for every operation that needs the database, on behalf of people made for them. `to` is whom they call
 * when it is another stack with the same database.
 */
export async function callsOf(stack: Stack, to: Stack = stack): Promise<Call[]> {
  const admin = await signUpAdmin(stack);
  const other = await register(stack);
  const verification = await mailedToken(stack, other.email, subjects.verify);
  await other.client.post("/api/auth/forgot-password", { email: other.email });
  const reset = await mailedToken(stack, other.email, subjects.reset);
  const [row] = await stack.sql("select id from users where email = $1", [other.email]);
  const user = `/api/admin/users/${row?.["id"]}`;
  const access = { token: admin.token };
  const created = await admin.client.post("/api/tasks", { title: "Water the plants" }, access);
  const task = `/api/tasks/${created.json.id}`;
  const cookie = [...admin.client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const { email, password } = admin;

  const call = (id: string, method: string, path: string, json?: unknown, options: RequestOptions = {}) => ({
    id,
    reads: method === "GET" && id !== "deliverOutbox",
    send: (requestId: string = randomUUID()) =>
      to.client().send(method, path, {
        ...(json === undefined ? {} : { json }),
        ...options,
        headers: { ...options.headers, "x-request-id": requestId },
      }),
  });
  return [
    call("register", "POST", "/api/auth/register", {
      email: newEmail(),
      password: goodPassword(),
      name: "Eve",
    }),
    call("verifyEmail", "POST", "/api/auth/verify-email", { token: verification }),
    call("resendVerification", "POST", "/api/auth/resend-verification", { email: other.email }),
    call("login", "POST", "/api/auth/login", { email, password }),
    call("refresh", "POST", "/api/auth/refresh", undefined, { cookie }),
    call("logout", "POST", "/api/auth/logout", undefined, { cookie }),
    call("getMe", "GET", "/api/auth/me", undefined, access),
    call("patchMe", "PATCH", "/api/auth/me", { name: "Ada" }, access),
    call("forgotPassword", "POST", "/api/auth/forgot-password", { email: other.email }),
    call("resetPassword", "POST", "/api/auth/reset-password", { token: reset, password: goodPassword() }),
    call("listTasks", "GET", "/api/tasks", undefined, access),
    call("createTask", "POST", "/api/tasks", { title: "Feed the cat" }, access),
    call("getTask", "GET", task, undefined, access),
    call("patchTask", "PATCH", task, { status: "done" }, access),
    call("deleteTask", "DELETE", task, undefined, access),
    call("listUsers", "GET", "/api/admin/users", undefined, access),
    call("getUser", "GET", user, undefined, access),
    call("patchUser", "PATCH", user, { banned: true }, access),
    call("deleteUser", "DELETE", user, undefined, access),
    call("ready", "GET", "/api/ready"),
    call("deliverOutbox", "GET", "/api/cron/outbox", undefined, { token: String(stack.env["CRON_SECRET"]) }),
  ];
}
