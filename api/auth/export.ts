import { openDatabase } from "../../db/client.js";
import { DatabaseFault, faultName, GuardRefusal } from "../../db/fault.js";
import { createApp } from "../../lib/app.js";
import { exportAllowanceOf } from "../../lib/auth/allowance.js";
import { exportAccount } from "../../lib/auth/contract/export.js";
import { exportStream } from "../../lib/auth/export-stream.js";
import { type ExportPlace, selectExportPage } from "../../lib/auth/queries/export.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { writeLine } from "../../lib/log.js";

const app = createApp([exportAccount]);

handle(app, exportAccount, async ({ db, env, access, requestId }) => {
  const { userId } = access;
  const caller = { ...access, allowance: exportAllowanceOf(keyRing(env.AUTH_SECRET)[0], userId) };
  const next = async (after: ExportPlace) => {
    // One database per page: the reader may take longer than the deadline of a request.
    const page = openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
    try {
      return await page.many(selectExportPage(userId, after), caller);
    } catch (error) {
      // The line of the request was written when the response began.
      const level = error instanceof GuardRefusal ? "info" : "error";
      writeLine(level, "export broke off", { request_id: requestId, fault: faultName(error) });
      throw error;
    }
  };
  const query = selectExportPage(userId, null);
  const first = await db.many(query, caller);
  // The guard has found the account, so a page without it is a fault, and the response has not begun yet.
  if (first.length === 0) throw new DatabaseFault("unexpected-result", query.name, { at: "no row" });
  const now = new Date();
  const name = `latchkey-export-${now.toISOString().slice(0, 10)}.json`;
  return {
    status: 200,
    body: exportStream({ first, next }, now),
    headers: { "Content-Disposition": `attachment; filename="${name}"` },
  };
});

export default app;
