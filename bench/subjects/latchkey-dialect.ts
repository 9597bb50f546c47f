import { headerOf } from "../client/connection.js";
import { bearer, type Dialect, type Person } from "./dialect.js";

const credentials = ({ email, password }: Person) => ({ email, password });
const cookie = ({ kept }: Person) => ({ cookie: kept.refresh });
const taskPath = ({ kept }: Person) => `/api/tasks/${kept.task}`;
const userPath = ({ kept }: Person) => `/api/admin/users/${kept.user}`;

export const latchkeyDialect: Dialect = {
  register: {
    call: (p) => ({
      method: "POST",
      path: "/api/auth/register",
      json: { ...credentials(p), name: p.name },
      status: 202,
    }),
  },
  resend: {
    call: ({ email }) => ({
      method: "POST",
      path: "/api/auth/resend-verification",
      json: { email },
      status: 202,
    }),
  },
  verify: {
    call: ({ kept }) => ({
      method: "POST",
      path: "/api/auth/verify-email",
      json: { token: kept.link },
      status: 200,
    }),
  },
  login: {
    call: (p) => ({ method: "POST", path: "/api/auth/login", json: credentials(p), status: 200 }),
    learn({ kept }, answer) {
      const { accessToken, user } = JSON.parse(answer.text);
      kept.token = accessToken;
      kept.user ||= user.id;
      kept.refresh = headerOf(answer, "set-cookie")?.split(";")[0] ?? "";
    },
  },
  refresh: {
    call: (p) => ({ method: "POST", path: "/api/auth/refresh", headers: cookie(p), status: 200 }),
    learn({ kept }, answer) {
      kept.token = JSON.parse(answer.text).accessToken;
      kept.refresh = headerOf(answer, "set-cookie")?.split(";")[0] ?? "";
    },
  },
  me: { call: (p) => ({ method: "GET", path: "/api/auth/me", headers: bearer(p), status: 200 }) },
  list: { call: (p) => ({ method: "GET", path: "/api/tasks?limit=20", headers: bearer(p), status: 200 }) },
  create: {
    call: (p) => ({
      method: "POST",
      path: "/api/tasks",
      json: { title: "Water the plants" },
      headers: bearer(p),
      status: 201,
    }),
    learn({ kept }, { text }) {
      kept.task = JSON.parse(text).id;
    },
  },
  read: { call: (p) => ({ method: "GET", path: taskPath(p), headers: bearer(p), status: 200 }) },
  change: {
    call: (p) => ({
      method: "PATCH",
      path: taskPath(p),
      json: { title: `Changed ${p.kept.turns}` },
      headers: bearer(p),
      status: 200,
    }),
  },
  remove: { call: (p) => ({ method: "DELETE", path: taskPath(p), headers: bearer(p), status: 204 }) },
  users: {
    call: (p) => ({ method: "GET", path: "/api/admin/users?limit=20", headers: bearer(p), status: 200 }),
  },
  user: { call: (p) => ({ method: "GET", path: userPath(p), headers: bearer(p), status: 200 }) },
  ban: {
    call: (p) => ({
      method: "PATCH",
      path: userPath(p),
      json: { banned: p.kept.turns % 2 === 0 },
      headers: bearer(p),
      status: 200,
    }),
  },
  health: { call: () => ({ method: "GET", path: "/api/health", status: 200 }) },
  ready: { call: () => ({ method: "GET", path: "/api/ready", status: 200 }) },
  jwks: { call: () => ({ method: "GET", path: "/.well-known/jwks.json", status: 200 }) },
  logout: { call: (p) => ({ method: "POST", path: "/api/auth/logout", headers: cookie(p), status: 204 }) },
  forgot: {
    call: ({ email }) => ({
      method: "POST",
      path: "/api/auth/forgot-password",
      json: { email },
      status: 202,
    }),
  },
  reset: {
    call: ({ kept, password }) => ({
      method: "POST",
      path: "/api/auth/reset-password",
      json: { token: kept.link, password: `new ${password}` },
      status: 204,
    }),
  },
};
