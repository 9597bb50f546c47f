import { randomBytes } from "node:crypto";
import { headerOf } from "../client/connection.js";
import { bundleFile } from "../machine/bundles.js";
import { launch } from "../machine/launch.js";
import { pgEnvironment } from "./database.js";
import { bearer, type Dialect } from "./dialect.js";
import { runningPeer } from "./running-peer.js";
import type { Subject } from "./subject.js";

const secret = { AUTH_SECRET: randomBytes(32).toString("base64url") };

const dialect: Dialect = {
  register: {
    call: ({ email, name, password }) => ({
      method: "POST",
      path: "/api/auth/sign-up/email",
      json: { email, name, password },
      status: 200,
    }),
  },
  verify: {
    call: ({ kept }) => ({
      method: "GET",
      path: `/api/auth/verify-email?token=${encodeURIComponent(kept.link)}`,
      status: 200,
    }),
  },
  login: {
    call: ({ email, password }) => ({
      method: "POST",
      path: "/api/auth/sign-in/email",
      json: { email, password },
      status: 200,
    }),
    learn({ kept }, answer) {
      kept.token = headerOf(answer, "set-auth-token") ?? "";
    },
  },
  // There is no refresh token: reading the session extends it, at most once each `updateAge`, which is 0 here.
  refresh: {
    call: (p) => ({ method: "GET", path: "/api/refreshing/get-session", headers: bearer(p), status: 200 }),
  },
  me: { call: (p) => ({ method: "GET", path: "/api/auth/get-session", headers: bearer(p), status: 200 }) },
  guardedMe: { call: (p) => ({ method: "GET", path: "/api/me", headers: bearer(p), status: 200 }) },
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
    call: (p) => ({ method: "POST", path: "/api/auth/sign-out", json: {}, headers: bearer(p), status: 200 }),
  },
  forgot: {
    call: ({ email }) => ({
      method: "POST",
      path: "/api/auth/request-password-reset",
      json: { email },
      status: 200,
    }),
  },
  reset: {
    call: ({ kept, password }) => ({
      method: "POST",
      path: "/api/auth/reset-password",
      json: { token: kept.link, newPassword: `new ${password}` },
      status: 200,
    }),
  },
};

export const betterAuth: Subject = {
  id: "better-auth",
  title: "better-auth",
  dialect,
  async start(world, network) {
    const env = { ...(await pgEnvironment(world, network, "better-auth")), ...secret };
    return runningPeer(world, env, await launch(bundleFile(world.bundles, "better-auth/serve"), env));
  },
};
