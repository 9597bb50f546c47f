import { Hono } from "hono";
import { createAuth } from "./auth.js";
import { query } from "./neon.js";
import { createTasks } from "./tasks.js";

/** The whole floor in one bundle, to measure its cold start. */
export default new Hono().route("/", createTasks(query)).route("/", createAuth(query));
