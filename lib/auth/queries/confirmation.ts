import { type SQL, sql } from "drizzle-orm";
import type { LinkPurpose } from "../../../db/schema/links.js";
import type { EmailKind } from "../../../db/schema/outbox.js";
import { linkSeconds } from "../limits.js";

/** SQL for the three properties of a link and its email. */
export type LinkSql = { purpose: SQL; emailKind: SQL; lifetime: SQL };

export const linkSql = (purpose: LinkPurpose, emailKind: EmailKind): LinkSql => ({
  purpose: sql`${purpose}::text`,
  emailKind: sql`${emailKind}::text`,
  lifetime: sql`make_interval(secs => ${linkSeconds[purpose]}::float8)`,
});

const byLink = linkSql("verify-email", "verify-email");
const byPassword = linkSql("reset-password", "finish-registration");

/**
 * How the account in relation `account` confirms its email address. After a second sign-up, the stored password may
 * be a stranger's and must not become valid: the confirmation then sets a new one.
 */
export const confirmationOf = (account: "pending_user" | "known_user"): LinkSql => {
  const choose = (property: keyof LinkSql) =>
    sql`case when ${sql.raw(account)}.is_contested then ${byPassword[property]} else ${byLink[property]} end`;
  return { purpose: choose("purpose"), emailKind: choose("emailKind"), lifetime: choose("lifetime") };
};
