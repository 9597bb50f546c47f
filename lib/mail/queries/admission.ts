import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import type { EmailWindow } from "../email-windows.js";
import { emailBudgetLimits } from "../limits.js";
import { type Candidate, checkedEmails } from "./candidates.js";

const { bucketSeconds, quotaPauseSeconds } = emailBudgetLimits;

/** `wait`: a budget is spent. `void`: its link is used, replaced or has expired. */
const verdicts = ["send", "wait", "void", "suppressed"] as const;

const admission = z.object({
  /** Without the emails that were sent, died or disappeared since they were leased. */
  decisions: z.array(z.object({ id: z.uuid(), verdict: z.enum(verdicts) })),
  /** Names of the windows that this call is the first to find spent. */
  newlySpent: z.array(z.string()),
  /** The bucket that was charged, for `recordDeliveries`. */
  bucket: z.string(),
});
export type Admission = z.output<typeof admission>;

/** The mark in `email_budget.spent` of a quota that Resend reported as spent. */
export const quotaMark = "quota";

/**
 * Decides which leased emails may be sent, charges the budgets for them, and settles the others: a waiting email gets
 * its attempt back and is due when there may be room. Runs one at a time, so that concurrent runs together stay
 * within the budgets.
 */
export const admitEmails = (
  candidates: readonly Candidate[],
  windows: readonly EmailWindow[],
): Query<Admission> => ({
  name: "admitEmails",
  first: [sql`select pg_advisory_xact_lock(hashtext('latchkey email budget'))`],
  statement: sql`
    with leased_email as materialized (${checkedEmails(candidates)}),
    ${roomOf(windows)},
    ${decisions},
    ${charges},
    settled_email as (
      update outbox set
             attempts = outbox.attempts - (decision.verdict = 'wait')::int,
             due_at = case when decision.verdict = 'wait' then decision.free_at else outbox.due_at end,
             dead_at = case when decision.verdict in ('void', 'suppressed') then now() end,
             last_error = case when decision.verdict in ('void', 'suppressed') then decision.verdict
                               else outbox.last_error end
        from settlement as decision where outbox.id = decision.id and decision.verdict <> 'send'
    )
    select coalesce((select jsonb_agg(jsonb_build_object('id', decision.id, 'verdict', decision.verdict))
                       from decision), '[]') as decisions,
           coalesce((select jsonb_agg(newly_spent.name) from newly_spent), '[]') as "newlySpent",
           (${currentBucket})::text as bucket`,
  rowSchema: admission,
});

const currentBucket = sql`date_bin(make_interval(secs => ${bucketSeconds}), now(), 'epoch')`;

/** Seconds that the longest window, or the pause after a spent quota, looks back. */
const longestSeconds = (windows: readonly EmailWindow[]): number =>
  Math.max(quotaPauseSeconds, ...windows.map(({ seconds }) => seconds + bucketSeconds));

/**
 * CTEs: `recent_bucket`, everything that the windows look at, so that the table is read once; `usage`, the windows with
 * what they contain; `room`, the emails that each share may still send.
 */
const roomOf = (windows: readonly EmailWindow[]): SQL => sql`
    recent_bucket as materialized (
      select starts_at, admitted, spent from email_budget
       where starts_at > now() - make_interval(secs => ${longestSeconds(windows)})
    ),
    usage as materialized (
      select email_window.*, coalesce((
               select sum(bucket.admitted) from recent_bucket as bucket
                where bucket.starts_at > now() - make_interval(secs => email_window.seconds + ${bucketSeconds})
             ), 0)::int as used
        from unnest(${sql.param(windows.map(({ name }) => name))}::text[],
                    ${sql.param(windows.map(({ seconds }) => seconds))}::int[],
                    ${sql.param(windows.map(({ isReserved }) => isReserved))}::boolean[],
                    ${sql.param(windows.map(({ allowed }) => allowed))}::int[])
             as email_window (name, seconds, is_reserved, allowed)
    ),
    pause as materialized (
      select max(bucket.starts_at) + make_interval(secs => ${quotaPauseSeconds}) as ends_at
        from recent_bucket as bucket
       where bucket.starts_at > now() - make_interval(secs => ${quotaPauseSeconds})
         and ${quotaMark} = any(bucket.spent)
    ),
    room as materialized (
      select usage.is_reserved, case when max(pause.ends_at) is null then min(usage.allowed - usage.used) else 0 end
               as places
        from usage cross join pause group by usage.is_reserved
    )`;

/** CTE: the verdict on each email. Reserved kinds come first. */
const decisions: SQL = sql`
    decision as materialized (
      select ranked_email.id, ranked_email.is_reserved,
             coalesce(ranked_email.refusal,
                      case when ranked_email.rank <= room.places then 'send' else 'wait' end) as verdict
        from (select leased_email.*, row_number() over (partition by leased_email.refusal is null
                                       order by leased_email.is_reserved desc, leased_email.place) as rank
                from leased_email) as ranked_email
        join room on room.is_reserved = ranked_email.is_reserved
    )`;

/** CTEs that charge the emails that are sent, and tell when there may be room for the waiting ones. */
const charges: SQL = sql`
    charge as materialized (
      select count(*)::int as admitted from decision where decision.verdict = 'send'
    ),
    spent_window as materialized (
      select usage.*, coalesce((
               select min(bucket.starts_at) from (
                 select recent_bucket.starts_at,
                        usage.used + charge.admitted - sum(recent_bucket.admitted) over (order by recent_bucket.starts_at)
                          as used_later
                   from recent_bucket
                  where recent_bucket.starts_at > now() - make_interval(secs => usage.seconds + ${bucketSeconds})
               ) as bucket where bucket.used_later < usage.allowed
             ), now()) + make_interval(secs => usage.seconds + ${bucketSeconds}) as free_at
        from usage cross join charge
       where usage.used + charge.admitted >= usage.allowed
         and exists (select from decision where decision.verdict = 'wait' and decision.is_reserved = usage.is_reserved)
    ),
    newly_spent as materialized (
      select spent_window.name from spent_window
       where not exists (
         select from recent_bucket as bucket where bucket.starts_at > now() - make_interval(secs => spent_window.seconds)
            and spent_window.name = any(bucket.spent))
    ),
    charged_bucket as (
      insert into email_budget as bucket (starts_at, admitted, spent)
      select ${currentBucket}, charge.admitted, array(select newly_spent.name from newly_spent)
        from charge where charge.admitted > 0 or exists (select from newly_spent)
      on conflict (starts_at) do update set admitted = bucket.admitted + excluded.admitted,
                                            spent = bucket.spent || excluded.spent
    ),
    settlement as materialized (
      select decision.id, decision.verdict,
             coalesce(greatest((select max(spent_window.free_at) from spent_window
                                 where spent_window.is_reserved = decision.is_reserved),
                               (select pause.ends_at from pause)),
                      now() + make_interval(secs => ${bucketSeconds})) as free_at
        from decision
    )`;
