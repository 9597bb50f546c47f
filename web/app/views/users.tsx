import { useEffect, useRef, useState } from "preact/hooks";
import { Failure } from "../components/failure.js";
import { LoadMore } from "../components/load-more.js";
import { Loading } from "../components/loading.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { type AdminUser, type UserQuery, useUsers } from "../users/use-users.js";
import { UserTags } from "../users/user-tags.js";

const typingDelayMs = 250;

const everyone: UserQuery = { q: "", role: "all" };

/** Outlives the view, so that going back from a user shows the same list. */
let lastQuery = everyone;

// The next admin in this tab must not see what the previous one searched for.
latchkey.session.subscribe(({ state }) => {
  if (state !== "signed-in") lastQuery = everyone;
});

export function Users() {
  const [typed, setTyped] = useState(lastQuery);
  const [query, setQuery] = useState(lastQuery);
  const { items: users, loading, failure, nextCursor, loadMore, retry } = useUsers(query);
  const rows = useRef<HTMLUListElement>(null);
  useEffect(() => {
    lastQuery = typed;
    const timer = setTimeout(() => setQuery(typed), typingDelayMs);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <Page
      title="Users"
      lead={
        <>
          <a href="/activity">Admin activity</a> · <a href="/outbox">Unsent email</a>
        </>
      }
    >
      <search class="user-search">
        <div class="field">
          <label for="user-search">Find by email or name</label>
          <input
            id="user-search"
            type="search"
            value={typed.q}
            maxLength={254}
            autoComplete="off"
            spellcheck={false}
            onInput={(event) => setTyped({ ...typed, q: event.currentTarget.value })}
          />
        </div>
        <div class="field">
          <label for="user-role">Role</label>
          <select
            id="user-role"
            value={typed.role}
            onChange={(event) => setTyped({ ...typed, role: event.currentTarget.value as UserQuery["role"] })}
          >
            <option value="all">All</option>
            <option value="user">User</option>
            <option value="admin">Admin</option>
          </select>
        </div>
      </search>
      {loading === "first" && users.length === 0 && <Loading what="users" />}
      {loading === "idle" && users.length === 0 && failure === undefined && (
        <div class="empty-state">
          <p>
            <strong>No users found</strong>
          </p>
          <p>Try part of an email or name.</p>
        </div>
      )}
      <ul ref={rows} class="rows" aria-label="Users" aria-busy={loading !== "idle"}>
        {users.map((user) => (
          <UserRow key={user.id} user={user} />
        ))}
      </ul>
      {failure !== undefined && <Failure error={failure} onRetry={() => void retry()} />}
      {nextCursor && failure === undefined && (
        <LoadMore isBusy={loading === "more"} rows={rows} load={loadMore} />
      )}
    </Page>
  );
}

function UserRow({ user }: { user: AdminUser }) {
  return (
    <li class="row">
      <div class="row-text">
        <p class="row-title">
          <a href={`/users/${user.id}`} dir="auto">
            {user.name}
          </a>
        </p>
        <p class="hint break-anywhere" dir="auto">
          {user.email}
        </p>
      </div>
      <UserTags user={user} />
    </li>
  );
}
