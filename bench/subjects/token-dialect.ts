import { bearer, type Dialect } from "./dialect.js";

/** The usual shape, which the floor and the Nest app share: both tokens in JSON bodies. */
export const tokenDialect = (registered: 201 | 202): Dialect => ({
  register: {
    call: ({ email, name, password }) => ({
      method: "POST",
      path: "/api/auth/register",
      json: { email, name, password },
      status: registered,
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
    call: ({ email, password }) => ({
      method: "POST",
      path: "/api/auth/login",
      json: { email, password },
      status: 200,
    }),
    learn({ kept }, { text }) {
      const { accessToken, refreshToken } = JSON.parse(text);
      kept.token = accessToken;
      kept.refresh = refreshToken;
    },
  },
  refresh: {
    call: ({ kept }) => ({
      method: "POST",
      path: "/api/auth/refresh",
      json: { refreshToken: kept.refresh },
      status: 200,
    }),
    learn({ kept }, { text }) {
      const { accessToken, refreshToken } = JSON.parse(text);
      kept.token = accessToken;
      kept.refresh = refreshToken;
    },
  },
  me: { call: (p) => ({ method: "GET", path: "/api/auth/me", headers: bearer(p), status: 200 }) },
  list: { call: (p) => ({ method: "GET", path: "/api/tasks", headers: bearer(p), status: 200 }) },
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
  logout: {
    call: ({ kept }) => ({
      method: "POST",
      path: "/api/auth/logout",
      json: { refreshToken: kept.refresh },
      status: 204,
    }),
  },
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
});
