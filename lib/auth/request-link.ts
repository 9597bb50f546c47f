import { uuidv7 } from "uuidv7";
import type { Database } from "../../db/client.js";
import type { LinkPurpose } from "../../db/schema/links.js";
import { keyRing } from "../crypto/keys.js";
import { clientBlock } from "../http/client-address.js";
import type { LeasedEmail } from "../mail/queries.js";
import { emailKey } from "./email-key.js";
import { budgets } from "./limits.js";
import { insertLink } from "./queries/links.js";
import { requireBudget } from "./throttle.js";

type Context = { db: Database; env: { AUTH_SECRET: readonly string[] }; request: Request };

/**
 * Creates a link for the account with this email address and returns the email to send. The HTTP response is the
 * same without such an account.
 * @throws Problem `rate-limited`
 */
export async function requestLink(
  { db, env, request }: Context,
  purpose: LinkPurpose,
  email: string,
): Promise<LeasedEmail | null> {
  const [keys] = keyRing(env.AUTH_SECRET);
  const charges = [
    { budget: budgets.emailByIp, subject: clientBlock(request.headers) },
    { budget: budgets.emailByRecipient, subject: `${purpose} ${emailKey(email)}` },
  ];
  const row = await db.exactlyOne(
    insertLink(keys, charges, { purpose, email, linkId: uuidv7(), emailId: uuidv7() }),
  );
  requireBudget(charges, row);
  return row.email;
}
