import { type SQL, sql } from "drizzle-orm";
import { isBanned } from "../../auth/queries/ban.js";
import type { UserChange } from "../contract/user-change.js";

/**
 * CTE: the user after the change. A lifted ban keeps nothing. A ban that has ended by itself stays as it is until the
 * purge tells the person, unless a new ban takes its place.
 */
export const nextState = ({ role, banned, banReason, bannedUntil }: UserChange): SQL => {
  const isSet = sql`${banned ?? null}::boolean`;
  const term = (column: string, isGiven: boolean, value: SQL): SQL => sql`
             case when next_ban.is_kept then target_user.${sql.raw(column)}
                  when next_ban.is_banned and ${isGiven}::boolean then ${value}
                  when next_ban.is_banned and next_ban.was_banned then target_user.${sql.raw(column)}
                  end as ${sql.raw(column)}`;
  return sql`
    next_state as materialized (
      select target_user.id, coalesce(${role ?? null}::text, target_user.role) as role,
             next_ban.was_banned, next_ban.is_banned,
             case when next_ban.is_kept or (next_ban.is_banned and next_ban.was_banned) then target_user.banned_at
                  when next_ban.is_banned then now() end as banned_at,
             ${term("ban_reason", banReason !== undefined, sql`${banReason ?? null}::text`)},
             ${term("banned_until", bannedUntil !== undefined, sql`${bannedUntil ?? null}::timestamptz`)}
        from target_user cross join lateral (
          select was.was_banned, coalesce(${isSet}, was.was_banned) as is_banned,
                 ${isSet} is null or (not ${isSet} and not was.was_banned) as is_kept
            from (select ${isBanned("target_user")} as was_banned) as was
        ) as next_ban
    )`;
};

/** `bannedAt`, and `bannedUntil` of a ban with an end. */
export const banState = (bannedAt: SQL, bannedUntil: SQL): SQL => sql`
  jsonb_build_object('bannedAt', ${bannedAt})
    || case when ${bannedUntil} is not null then jsonb_build_object('bannedUntil', ${bannedUntil}) else '{}' end`;

/** The terms of a ban that stands. The reason itself is not recorded: it could name the person. */
export const termsOf = (relation: "target_user" | "next_state"): SQL =>
  sql.raw(`
  case when next_state.banned_until is distinct from target_user.banned_until
       then jsonb_build_object('bannedUntil', ${relation}.banned_until) else '{}' end
    || case when next_state.ban_reason is distinct from target_user.ban_reason
            then jsonb_build_object('hasBanReason', ${relation}.ban_reason is not null) else '{}' end`);

export const formerBan = (column: string): SQL =>
  sql.raw(`case when next_state.was_banned then target_user.${column} end`);
