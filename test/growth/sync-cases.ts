import { keyRing } from "../../lib/crypto/keys.js";
import { lastId, type SyncPlace, writeToken } from "../../lib/sync/token.js";
import { authEnv } from "../stack/seed.js";
import type { Stack } from "../stack/stack.js";
import { maxSearchedRows } from "./excessive-reads.js";
import { ownerOfMany } from "./population.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { byOwnerOfMany, combine, type RequestChange, withQuery } from "./request-changes.js";

const syncChanges = operationById("syncChanges");

type Sql = Stack["sql"];
type FindPlace = (sql: Sql, userId: string) => Promise<SyncPlace>;

/** Continues from a position among the rows of the user who owns many. */
const from =
  (findPlace: FindPlace): RequestChange =>
  async (request, stack) => {
    const userId = await ownerOfMany(stack.sql);
    const place = await findPlace(stack.sql, userId);
    const token = writeToken(keyRing(authEnv(stack).AUTH_SECRET), userId, place);
    return withQuery(`since=${token}&limit=200`)(request, stack);
  };

/** The row of a table that this share of the user's rows follows. The client has synchronized before. */
const before =
  (table: "tasks" | "tombstones", share: number): FindPlace =>
  async (sql, userId) => {
    const [row] = await sql(
      `select id, seq::float8 from ${table} where user_id = $1 order by seq desc, id desc
       offset (select count(*) * $2::float8 from ${table} where user_id = $1) limit 1`,
      [userId, share],
    );
    return { id: String(row?.["id"]), seq: Number(row?.["seq"]), deletionsFrom: 0 };
  };

const head: FindPlace = async (sql, userId) => {
  const [row] = await sql("select seq::float8 from sync_heads where user_id = $1", [userId]);
  return { id: lastId, seq: Number(row?.["seq"]), deletionsFrom: 0 };
};

const syncOfMany = (variant: string, place: RequestChange): Case =>
  requestCase(syncChanges, `of many, ${variant}`, combine(byOwnerOfMany, place));

/** Pages of an account with many tasks and many tombstones. */
export const syncCases: readonly Case[] = [
  syncOfMany("first page", withQuery("limit=200")),
  syncOfMany("deep among the tasks", from(before("tasks", 0.5))),
  syncOfMany("the last tasks, and tombstones", from(before("tasks", 0.001))),
  // Postgres may sort the few that follow in a small table. In a large one, that costs more.
  { ...syncOfMany("deep among the tombstones", from(before("tombstones", 0.5))), maxRows: maxSearchedRows },
  syncOfMany("nothing new", from(head)),
];
