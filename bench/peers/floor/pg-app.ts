import { Hono } from "hono";
import { openPool } from "../pool.js";
import { createAuth } from "./auth.js";
import { createTasks } from "./tasks.js";

export const pool = openPool();
const query = async (text: string, params: unknown[]) => (await pool.query(text, params)).rows;

export default new Hono().route("/", createTasks(query)).route("/", createAuth(query));
