import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { auditKey } from "../../lib/audit/audit-key.js";
import { purgeClosedAccounts } from "../../lib/auth/queries/closed-accounts.js";
import { rowsPerPage, sectionNames, selectExportPage } from "../../lib/auth/queries/export.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { authEnv, seedClosing } from "../stack/seed.js";
import type { Stack } from "../stack/stack.js";
import { ownerOfMany } from "./population.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import type { RequestChange } from "./request-changes.js";

/** A statement that a function runs after its response has begun. */
const later = (title: string, statement: (stack: Stack) => Promise<SQL>, maxRows: number): Case => ({
  title,
  maxRows,
  async analyze({ stack, analyzer }, repetitions) {
    const { sql, params } = new PgDialect().sqlToQuery(await statement(stack));
    return [await analyzer.analyze([{ text: sql, params }], repetitions)];
  },
});

/** An export measures a page of rows of each section, and then reads those that it sends. */
const rowsOfExport = sectionNames.length * (rowsPerPage + 1);

const exportPage = (title: string, section: "tasks" | null) =>
  later(
    `after a response: ${title} of an export of many`,
    async ({ sql }) => {
      const id = await ownerOfMany(sql);
      const [row] = await sql("select id from tasks where user_id = $1 order by id desc offset 20 limit 1", [
        id,
      ]);
      return selectExportPage(id, section && { section, id: String(row?.["id"]) }).statement;
    },
    rowsOfExport,
  );

/** Closes the account of the address in the body. */
const ofClosedAccount: RequestChange = async (request, stack) => {
  const { email } = request.options.json as { email: string };
  const [row] = await stack.sql("select id from users where email = $1", [email]);
  if (row) await seedClosing(stack, String(row["id"]));
  return request;
};

/** Accounts of one batch, and the rows of each. */
const rowsOfPurge = 1_000;

export const closingCases: readonly Case[] = [
  exportPage("the first page", null),
  exportPage("a later page", "tasks"),
  requestCase(operationById("forgotPassword"), "of a closed account", ofClosedAccount),
  later(
    "after a response: purge closed accounts",
    async (stack) => {
      await stack.sql(
        `update users set closed_at = now() - interval '15 days'
          where id in (select id from users order by id offset 20 limit 20)`,
      );
      const key = auditKey(keyRing(authEnv(stack).AUTH_SECRET));
      return purgeClosedAccounts({ key, requestId: "a request" }).statement;
    },
    rowsOfPurge,
  ),
];
