import { randomBytes } from "node:crypto";
import { headerOf } from "../client/connection.js";
import { bundleFile } from "../machine/bundles.js";
import { launch } from "../machine/launch.js";
import { type Api, bearer } from "./api.js";
import { pgEnvironment } from "./database.js";
import { runningPeer } from "./running-peer.js";
import type { Subject } from "./subject.js";

const secret = { AUTH_SECRET: randomBytes(32).toString("base64url") };

const api: Api = {
  register: {
    request: ({ email, name, password }) => ({
      method: "POST",
      path: "/api/auth/sign-up/email",
      json: { email, name, password },
      status: 200,
    }),
  },
  verify: {
    request: ({ state }) => ({
      method: "GET",
      path: `/api/auth/verify-email?token=${encodeURIComponent(state.link)}`,
      status: 200,
    }),
  },
  login: {
    request: ({ email, password }) => ({
      method: "POST",
      path: "/api/auth/sign-in/email",
      json: { email, password },
      status: 200,
    }),
    store({ state }, response) {
      state.token = headerOf(response, "set-auth-token") ?? "";
    },
  },
  // better-auth has no refresh token. Reading the session extends it once per `updateAge`, which is 0 here.
  refresh: {
    request: (p) => ({ method: "GET", path: "/api/refreshing/get-session", headers: bearer(p), status: 200 }),
  },
  me: { request: (p) => ({ method: "GET", path: "/api/auth/get-session", headers: bearer(p), status: 200 }) },
  guardedMe: { request: (p) => ({ method: "GET", path: "/api/me", headers: bearer(p), status: 200 }) },
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
    request: (p) => ({
      method: "POST",
      path: "/api/auth/sign-out",
      json: {},
      headers: bearer(p),
      status: 200,
    }),
  },
  forgot: {
    request: ({ email }) => ({
      method: "POST",
      path: "/api/auth/request-password-reset",
      json: { email },
      status: 200,
    }),
  },
  reset: {
    request: ({ state, password }) => ({
      method: "POST",
      path: "/api/auth/reset-password",
      json: { token: state.link, newPassword: `new ${password}` },
      status: 200,
    }),
  },
};

export const betterAuth: Subject = {
  id: "better-auth",
  title: "better-auth",
  api,
  async start(testbed, network) {
    const env = { ...(await pgEnvironment(testbed, network, "better-auth")), ...secret };
    return runningPeer(testbed, env, await launch(bundleFile(testbed.bundles, "better-auth/serve"), env));
  },
};
