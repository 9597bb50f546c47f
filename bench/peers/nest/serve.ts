import { countStatements } from "../count-statements.js";
import { createNest } from "./app.js";
import { pool } from "./database.js";
import { ddl } from "./schema.js";

await pool.query(ddl);
countStatements();
const nest = await createNest();
const server = await nest.listen(0, "127.0.0.1");
server.keepAliveTimeout = 60_000;
process.send?.({ port: server.address().port });
