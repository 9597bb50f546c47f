import { headerOf } from "../client/connection.js";
import { type Api, bearer, type Person } from "./api.js";

const credentials = ({ email, password }: Person) => ({ email, password });
const cookie = ({ state }: Person) => ({ cookie: state.refresh });
const taskPath = ({ state }: Person) => `/api/tasks/${state.taskId}`;
const userPath = ({ state }: Person) => `/api/admin/users/${state.userId}`;

export const latchkeyApi: Api = {
  register: {
    request: (p) => ({
      method: "POST",
      path: "/api/auth/register",
      json: { ...credentials(p), name: p.name },
      status: 202,
    }),
    store({ state }, { text }) {
      state.registration = JSON.parse(text).registration;
    },
  },
  resend: {
    request: ({ email }) => ({
      method: "POST",
      path: "/api/auth/resend-verification",
      json: { email },
      status: 202,
    }),
  },
  verify: {
    request: ({ state }) => ({
      method: "POST",
      path: "/api/auth/verify-email",
      json: { token: state.link, registration: state.registration },
      status: 200,
    }),
  },
  login: {
    request: (p) => ({ method: "POST", path: "/api/auth/login", json: credentials(p), status: 200 }),
    store({ state }, response) {
      const { accessToken, user } = JSON.parse(response.text);
      state.token = accessToken;
      state.userId ||= user.id;
      state.refresh = headerOf(response, "set-cookie")?.split(";")[0] ?? "";
    },
  },
  refresh: {
    request: (p) => ({ method: "POST", path: "/api/auth/refresh", headers: cookie(p), status: 200 }),
    store({ state }, response) {
      state.token = JSON.parse(response.text).accessToken;
      state.refresh = headerOf(response, "set-cookie")?.split(";")[0] ?? "";
    },
  },
  me: { request: (p) => ({ method: "GET", path: "/api/auth/me", headers: bearer(p), status: 200 }) },
  list: { request: (p) => ({ method: "GET", path: "/api/tasks?limit=20", headers: bearer(p), status: 200 }) },
  create: {
    request: (p) => ({
      method: "POST",
      path: "/api/tasks",
      json: { title: "Water the plants" },
      headers: bearer(p),
      status: 201,
    }),
    store({ state }, { text }) {
      state.taskId = JSON.parse(text).id;
    },
  },
  read: { request: (p) => ({ method: "GET", path: taskPath(p), headers: bearer(p), status: 200 }) },
  change: {
    request: (p) => ({
      method: "PATCH",
      path: taskPath(p),
      json: { title: `Changed ${p.state.requestCount}` },
      headers: bearer(p),
      status: 200,
    }),
  },
  remove: { request: (p) => ({ method: "DELETE", path: taskPath(p), headers: bearer(p), status: 204 }) },
  users: {
    request: (p) => ({ method: "GET", path: "/api/admin/users?limit=20", headers: bearer(p), status: 200 }),
  },
  user: { request: (p) => ({ method: "GET", path: userPath(p), headers: bearer(p), status: 200 }) },
  ban: {
    request: (p) => ({
      method: "PATCH",
      path: userPath(p),
      json: { banned: p.state.requestCount % 2 === 0 },
      headers: bearer(p),
      status: 200,
    }),
  },
  health: { request: () => ({ method: "GET", path: "/api/health", status: 200 }) },
  ready: { request: () => ({ method: "GET", path: "/api/ready", status: 200 }) },
  jwks: { request: () => ({ method: "GET", path: "/.well-known/jwks.json", status: 200 }) },
  logout: { request: (p) => ({ method: "POST", path: "/api/auth/logout", headers: cookie(p), status: 204 }) },
  forgot: {
    request: ({ email }) => ({
      method: "POST",
      path: "/api/auth/forgot-password",
      json: { email },
      status: 202,
    }),
  },
  reset: {
    request: ({ state, password }) => ({
      method: "POST",
      path: "/api/auth/reset-password",
      json: { token: state.link, password: `new ${password}` },
      status: 204,
    }),
  },
};
