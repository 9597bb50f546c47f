import { countStatements } from "../count-statements.js";
import { listen } from "../listen.js";
import { schema } from "./database.js";
import app, { pool } from "./pg-app.js";

await pool.query(schema);
countStatements();
listen(app.fetch);
