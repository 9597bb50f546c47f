import { type SQL, sql } from "drizzle-orm";
import { columnsFor } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { outbox } from "../../../db/schema/outbox.js";
import { type Listed, listedRow, type Position } from "../../pagination.js";
import { olderThan, onePage } from "../../resources/queries/page.js";
import { rowSchemaOf } from "../../rows.js";
import { type OutboxEmail, outboxEmail } from "../contract/outbox.js";

/** `a…@example.com`, unless it is the address of the account: strangers can type any address. */
const shownRecipient: SQL = sql`
  case when outbox.recipient = (select users.email from users where users.id = outbox.user_id) then outbox.recipient
       else left(outbox.recipient, 1) || '…@' || split_part(outbox.recipient, '@', -1) end`;

const columns = columnsFor(outbox, outboxEmail.shape, {
  state: sql`case when outbox.dead_at is null then 'waiting' else 'dead' end`,
  recipient: shownRecipient,
});

/** The conditions of the partial indexes. */
const inState: Record<OutboxEmail["state"], SQL> = {
  waiting: sql`outbox.sent_at is null and outbox.dead_at is null`,
  dead: sql`outbox.dead_at is not null`,
};

const listedEmail = listedRow(rowSchemaOf(outboxEmail));

type Page = { state: OutboxEmail["state"]; after: Position | null; limit: number };

export const selectOutbox = ({ state, after, limit }: Page): Query<Listed<OutboxEmail>> => ({
  name: "selectOutbox",
  statement: onePage(
    columns,
    limit,
    (selected) => sql`
    select ${selected} from outbox
     where ${inState[state]} ${olderThan(after)}`,
  ),
  rowSchema: listedEmail,
  isReadOnly: true,
});
