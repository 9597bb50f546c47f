import { type Api, bearer } from "./api.js";

/** The API of the floor and of the Nest app: both tokens travel in JSON bodies. */
export const tokenApi = (registerStatus: 201 | 202): Api => ({
  register: {
    request: ({ email, name, password }) => ({
      method: "POST",
      path: "/api/auth/register",
      json: { email, name, password },
      status: registerStatus,
    }),
  },
  verify: {
    request: ({ state }) => ({
      method: "POST",
      path: "/api/auth/verify-email",
      json: { token: state.link },
      status: 200,
    }),
  },
  login: {
    request: ({ email, password }) => ({
      method: "POST",
      path: "/api/auth/login",
      json: { email, password },
      status: 200,
    }),
    store({ state }, { text }) {
      const { accessToken, refreshToken } = JSON.parse(text);
      state.token = accessToken;
      state.refresh = refreshToken;
    },
  },
  refresh: {
    request: ({ state }) => ({
      method: "POST",
      path: "/api/auth/refresh",
      json: { refreshToken: state.refresh },
      status: 200,
    }),
    store({ state }, { text }) {
      const { accessToken, refreshToken } = JSON.parse(text);
      state.token = accessToken;
      state.refresh = refreshToken;
    },
  },
  me: { request: (p) => ({ method: "GET", path: "/api/auth/me", headers: bearer(p), status: 200 }) },
  list: { request: (p) => ({ method: "GET", path: "/api/tasks", headers: bearer(p), status: 200 }) },
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
  logout: {
    request: ({ state }) => ({
      method: "POST",
      path: "/api/auth/logout",
      json: { refreshToken: state.refresh },
      status: 204,
    }),
  },
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
});
