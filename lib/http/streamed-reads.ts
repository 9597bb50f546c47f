import { openDatabase } from "../../db/client.js";
import { faultName, GuardRefusal } from "../../db/fault.js";
import type { Access, Query } from "../../db/query.js";
import type { Env } from "../env.js";
import { writeLine } from "../log.js";

type Context = {
  env: Pick<Env<"DATABASE_URL">, "DATABASE_URL" | "NEON_FETCH_ENDPOINT">;
  access: Access;
  requestId: string;
};

/**
 * Reads the pages of a streamed response. Each read has its own deadline, because a slow reader may outlast the deadline of
 * the request. If a read fails, the response breaks off. The line of the request is already in the log, so this writes
 * another.
 */
export const streamedReads =
  ({ env, access, requestId }: Context) =>
  async <Result>(query: Query<Result>): Promise<Result[]> => {
    try {
      const database = openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
      return await database.many(query, access);
    } catch (error) {
      const level = error instanceof GuardRefusal ? "info" : "error";
      writeLine(level, "export broke off", { request_id: requestId, fault: faultName(error) });
      throw error;
    }
  };
