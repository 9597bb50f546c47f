import { createApp } from "../../lib/app.js";
import { allowanceOf } from "../../lib/auth/allowance.js";
import { budgets } from "../../lib/auth/limits.js";
import { requireNoRefusal } from "../../lib/auth/throttle.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { idempotencyKey, replayMark, requireSameRequest } from "../../lib/http/idempotency.js";
import { Problem } from "../../lib/problem.js";
import { importTasks } from "../../lib/transfer/contract.js";
import { prepareFile } from "../../lib/transfer/prepare/file.js";
import { importTaskRows } from "../../lib/transfer/queries/import.js";
import { readFile } from "../../lib/transfer/read-file.js";
import { reportRows } from "../../lib/transfer/report.js";

const app = createApp([importTasks]);

handle(app, importTasks, async ({ db, env, access, headers, body }) => {
  const { userId } = access;
  const { dryRun, projectId } = body;
  const [keys] = keyRing(env.AUTH_SECRET);
  const ofImport = [budgets.writesByUser, budgets.importsByUser];
  // A file may take two seconds of a processor.
  requireNoRefusal(
    keys,
    ofImport.map((budget) => ({ budget, subject: userId })),
  );
  const { rows, ...file } = await prepareFile(await readFile(body), { ...body, userId });
  // A dry run does not use up the key.
  const key = dryRun ? undefined : idempotencyKey(importTasks, userId, headers["idempotency-key"], body);
  const allowance = allowanceOf(keys, userId, ofImport);
  const query = importTaskRows({ ...file, userId, projectId, isDryRun: dryRun }, key);
  const { hasProject, isReplay, isSameRequest, tasks } = await db.exactlyOne(query, { ...access, allowance });
  requireSameRequest(isSameRequest);
  if (!hasProject && !isReplay) {
    const message = "must be one of your projects";
    throw new Problem("invalid-reference", { errors: [{ pointer: "/projectId", message }] });
  }
  const report = reportRows(rows, tasks);
  const created = report.filter(({ outcome }) => outcome === "created").length;
  return { status: 200, body: { dryRun, created, rows: report }, headers: replayMark({ isReplay }) };
});

export default app;
