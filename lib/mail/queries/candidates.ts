import { type SQL, sql } from "drizzle-orm";
import { kindsWithLink } from "../kinds.js";

export type Candidate = {
  id: string;
  isReserved: boolean;
  /** The keys of its recipient in `suppressions`. */
  suppressionKeys: readonly string[];
};

/** The kinds whose link is a row of `links`. */
const kindsWithRow = [
  ...kindsWithLink("reset-password"),
  ...kindsWithLink("restore-account"),
  ...kindsWithLink("change-email"),
];

/**
 * Once an address is confirmed, the links of its other sign-ups are of no use: they lead to a sign-in. Only its mailbox
 * shows that they are missing, and its owner knows. A newer email replaces an earlier one only if it was sent: a
 * stranger could cause one that is withheld.
 */
export const isVoid: SQL = sql`case
  when outbox.kind = any(${sql.param(kindsWithLink("verify-email"))}::text[]) then not exists (
    select from registrations where registrations.id = outbox.link_id and registrations.user_id is null
       and registrations.expires_at > now())
  when outbox.kind = any(${sql.param(kindsWithRow)}::text[]) then not exists (
    select from links where links.id = outbox.link_id and links.used_at is null and links.expires_at > now())
    or exists (
    select from outbox as newer where newer.user_id = outbox.user_id and newer.kind = outbox.kind
       and newer.created_at > outbox.created_at and newer.sent_at is not null and newer.recipient is not null)
  else false end`;

/**
 * The leased emails that still wait, with the reason not to send them. Without those that were sent, died or
 * disappeared with their user since they were leased.
 */
export const checkedEmails = (candidates: readonly Candidate[]): SQL => {
  const keys = candidates.flatMap(({ id, suppressionKeys }) => suppressionKeys.map((key) => ({ id, key })));
  return sql`
      select candidate.id, candidate.is_reserved, candidate.place,
             case when exists (
                    select from unnest(${sql.param(keys.map(({ id }) => id))}::uuid[],
                                       ${sql.param(keys.map(({ key }) => key))}::text[]) as wanted (email_id, key)
                      join suppressions on suppressions.key = wanted.key and suppressions.expires_at > now()
                     where wanted.email_id = candidate.id) then 'suppressed'
                  when ${isVoid} then 'void' end as refusal
        from unnest(${sql.param(candidates.map(({ id }) => id))}::uuid[],
                    ${sql.param(candidates.map(({ isReserved }) => isReserved))}::boolean[])
             with ordinality as candidate (id, is_reserved, place)
        join outbox on outbox.id = candidate.id and outbox.sent_at is null and outbox.dead_at is null`;
};
