import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { openPool } from "../pool.js";

export const pool = openPool();
export const DATABASE = "DATABASE";
export type Database = NodePgDatabase;

export const databaseProvider = { provide: DATABASE, useFactory: (): Database => drizzle({ client: pool }) };
