import { uuidv7 } from "uuidv7";
import type { Database } from "../../db/client.js";
import { clientBlock } from "../http/client-address.js";
import { sendAfterAnswer } from "../mail/after-answer.js";
import { keyRing } from "./keys.js";
import { budgets, type LinkPurpose } from "./limits.js";
import { emailKey } from "./queries/accounts.js";
import { insertLink } from "./queries/links.js";
import { requireBudget } from "./throttle.js";

type LinkRequest = { purpose: LinkPurpose; email: string; headers: Headers; requestId: string };

/** Writes a link to an address, whoever it belongs to. The caller learns nothing of that. */
export async function requestLink(
  db: Database,
  authSecret: readonly string[],
  { purpose, email, headers, requestId }: LinkRequest,
): Promise<void> {
  const [keys] = keyRing(authSecret);
  const charges = [
    { budget: budgets.mailByAddress, subject: clientBlock(headers) },
    { budget: budgets.mailByRecipient, subject: `${purpose} ${emailKey(email)}` },
  ];
  const row = await db.only(
    insertLink(keys, charges, { purpose, email, linkId: uuidv7(), mailId: uuidv7() }),
  );
  requireBudget(charges, row);
  sendAfterAnswer(row.mail ? [row.mail] : [], requestId);
}
