import { neon, neonConfig } from "@neondatabase/serverless";
import type { Database } from "./database.js";

neonConfig.fetchEndpoint = process.env["NEON_FETCH_ENDPOINT"] ?? "";
const sql = neon(process.env["DATABASE_URL"] ?? "");

export const query: Database = (text, params) => sql.query(text, params);
