import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { deviceWords } from "../../auth/device-name.js";
import { noticeLifetime } from "../../auth/queries/known-user.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "../../auth/queries/security-events.js";
import type { IdempotencyKey } from "../../http/idempotency.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { lockedOwner } from "../../resources/queries/change.js";
import { isReplay, usedKey } from "../../resources/queries/used-key.js";
import { dbTime } from "../../rows.js";

type Caller = { userId: string; sessionId: string };

const ownFeed = z.object({ id: z.uuid(), createdAt: dbTime });
type OwnFeed = z.output<typeof ownFeed>;

/** Returns no row if the user has no feed, or if it has ended. */
export const selectFeed = (userId: string): Query<OwnFeed> => ({
  name: "selectFeed",
  statement: sql`
    select feeds.id, feeds.created_at as "createdAt"
      from feeds join users on users.id = feeds.user_id and users.session_epoch = feeds.epoch
     where feeds.user_id = ${userId}::uuid`,
  rowSchema: ownFeed,
  isReadOnly: true,
});

/** `feed`: null for a replay whose feed has ended. `email`: null for a replay. */
const created = z.object({
  feed: ownFeed.nullable(),
  email: leasedEmail.nullable(),
  isReplay: z.boolean(),
});

/** The notice by email gets the id of `event`. */
type NewFeed = Caller & { id: string; event: NewEvent; appUrl: string };

/**
 * Creates or replaces the feed of an account, and inserts the notice to its owner. The feed copies the epoch of the session:
 * if a new password ends the session concurrently, the feed ends with it. A replay writes nothing, and returns the current
 * feed. Returns no row if the session has ended.
 */
export const replaceFeed = (
  { userId, sessionId, id, event, appUrl }: NewFeed,
  key: IdempotencyKey | undefined,
): Query<z.output<typeof created>> => ({
  name: "replaceFeed",
  statement: sql`
    with caller as materialized (
      select sessions.user_id, sessions.epoch from sessions cross join ${lockedOwner(userId)}
       where sessions.id = ${sessionId}::uuid and sessions.user_id = ${userId}::uuid
    ),
    ${key ? sql`${usedKey(key, { id, userId }, sql`exists (select from caller)`)},` : sql``}
    new_feed as (
      insert into feeds (id, user_id, epoch)
      select ${id}::uuid, caller.user_id, caller.epoch from caller where not ${isReplay(key)}
      on conflict (user_id) do update set id = excluded.id, epoch = excluded.epoch, created_at = excluded.created_at
      returning feeds.id, feeds.user_id, feeds.created_at
    ),
    new_event as (${insertSecurityEvent(
      event,
      sql`select new_feed.user_id, ${eventLiteral("feed-created")} as kind, ${sessionId}::uuid as session_id from new_feed`,
    )}),
    new_email as (${insertEmail(
      event.id,
      sql`select users.id as user_id, users.email as recipient, ${kindLiteral("feed-created")} as kind,
                 null::uuid as link_id, ${noticeLifetime} as lifetime
            from new_feed join users on users.id = new_feed.user_id`,
      appUrl,
      deviceWords(event.from),
    )})
    select case when current_feed.id is not null then
             jsonb_build_object('id', current_feed.id, 'createdAt', current_feed.created_at) end as feed,
           (select new_email.email from new_email) as email, ${isReplay(key)} as "isReplay"
      from caller left join lateral (
        select new_feed.id, new_feed.created_at from new_feed
        union all
        select feeds.id, feeds.created_at from feeds
         where feeds.user_id = caller.user_id and feeds.epoch = caller.epoch and ${isReplay(key)}
      ) as current_feed on true`,
  rowSchema: created,
});

const noColumns = z.strictObject({});

/** Deletes the feed of an account, and records the event if there was one. */
export const deleteFeedRow = (
  { userId, sessionId }: Caller,
  event: NewEvent,
): Query<z.output<typeof noColumns>> => ({
  name: "deleteFeed",
  statement: sql`
    with owner as materialized (select from ${lockedOwner(userId)}),
    deleted_feed as (
      delete from feeds using owner where feeds.user_id = ${userId}::uuid returning feeds.user_id
    ),
    new_event as (${insertSecurityEvent(
      event,
      sql`select deleted_feed.user_id, ${eventLiteral("feed-revoked")} as kind, ${sessionId}::uuid as session_id
            from deleted_feed`,
    )})
    select from deleted_feed`,
  rowSchema: noColumns,
});
