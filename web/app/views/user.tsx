import { dataOf } from "@latchkey/client";
import { useEffect, useState } from "preact/hooks";
import { Failure } from "../components/failure.js";
import { Loading } from "../components/loading.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import type { ViewProps } from "../routes.js";
import { useStore } from "../use-store.js";
import { dateTime } from "../users/date-time.js";
import type { AdminUser } from "../users/use-users.js";
import { UserActions } from "../users/user-actions.js";
import { UserHistory } from "../users/user-history.js";
import { UserSessions } from "../users/user-sessions.js";
import { UserTags } from "../users/user-tags.js";

export function UserView({ params: { id = "" } }: ViewProps) {
  const [user, setUser] = useState<AdminUser>();
  const [failure, setFailure] = useState<unknown>();
  const session = useStore(latchkey.session);
  const isSelf = session.state === "signed-in" && session.user.id === id;

  async function load() {
    setFailure(undefined);
    try {
      setUser(await dataOf(latchkey.api.GET("/api/admin/users/{id}", { params: { path: { id } } })));
    } catch (error) {
      setFailure(error);
    }
  }
  useEffect(() => void load(), [id]);

  return (
    <Page title={user?.name ?? "User"}>
      <p class="back-link">
        <a href="/users">← All users</a>
      </p>
      {failure !== undefined && <Failure error={failure} onRetry={() => void load()} />}
      {!user && failure === undefined && <Loading what="the user" />}
      {user && (
        <div class="card stack">
          <UserTags user={user} />
          <Facts user={user} />
          <p>
            <a href={`/users/${id}/activity`}>Admin activity for this account</a>
          </p>
          {isSelf ? (
            <p class="hint">
              This is your own account. Another admin can change its role, ban it or delete it.
            </p>
          ) : (
            <UserActions user={user} onChange={setUser} />
          )}
        </div>
      )}
      {user && <UserSessions user={user} />}
      {user && <UserHistory id={user.id} />}
    </Page>
  );
}

const banTerms = ({ bannedUntil }: AdminUser, since: string) =>
  `Since ${dateTime(since)}, ${bannedUntil ? `until ${dateTime(bannedUntil)}` : "without an end"}`;

function Facts({ user }: { user: AdminUser }) {
  return (
    <dl class="facts">
      <dt>Email</dt>
      <dd class="break-anywhere" dir="auto">
        {user.email}
      </dd>
      <dt>Role</dt>
      <dd>{user.role === "admin" ? "Admin" : "User"}</dd>
      <dt>Joined</dt>
      <dd>{dateTime(user.createdAt)}</dd>
      <dt>Banned</dt>
      <dd>{user.bannedAt ? banTerms(user, user.bannedAt) : "No"}</dd>
      {user.bannedAt && (
        <>
          <dt>Reason</dt>
          <dd class="break-anywhere" dir="auto">
            {user.banReason ?? "Not given"}
          </dd>
        </>
      )}
      {user.closedAt && (
        <>
          <dt>Closed</dt>
          <dd>Since {dateTime(user.closedAt)}</dd>
        </>
      )}
      <dt>ID</dt>
      <dd>
        <code>{user.id}</code>
      </dd>
    </dl>
  );
}
