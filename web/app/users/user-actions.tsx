import type { components } from "@latchkey/client";
import { dataOf } from "@latchkey/client";
import { useRef, useState } from "preact/hooks";
import { navigate } from "../location.js";
import { Button } from "../parts/button.js";
import { Failure } from "../parts/failure.js";
import { announce, latchkey } from "../session.js";
import type { AdminUser } from "./use-users.js";

type Change = components["schemas"]["PatchUserRequest"];
type Props = { user: AdminUser; onChange: (user: AdminUser) => void };

export function UserActions({ user, onChange }: Props) {
  const [busy, setBusy] = useState<"role" | "ban" | "delete">();
  const [failure, setFailure] = useState<unknown>();
  const [isAsking, setAsking] = useState(false);
  /** The focus comes back to where the question was asked. */
  const wasAsked = useRef(false);
  const path = { id: user.id };

  async function run(what: "role" | "ban" | "delete", work: () => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(what);
    setFailure(undefined);
    await work().catch(setFailure);
    setBusy(undefined);
  }

  const change = (what: "role" | "ban", body: Change, said: string) =>
    run(what, async () => {
      onChange(await dataOf(latchkey.api.PATCH("/api/admin/users/{id}", { params: { path }, body })));
      announce(said);
    });

  const remove = () =>
    run("delete", async () => {
      await latchkey.api.DELETE("/api/admin/users/{id}", { params: { path } });
      announce("User deleted.");
      navigate("/users");
    });

  function ask() {
    wasAsked.current = true;
    setAsking(true);
  }

  const isAdmin = user.role === "admin";
  const isBanned = user.bannedAt !== null;
  return (
    <>
      {failure !== undefined && <Failure error={failure} onDismiss={() => setFailure(undefined)} />}
      <div class="actions">
        <Button
          isBusy={busy === "role"}
          onClick={() => change("role", { role: isAdmin ? "user" : "admin" }, "Role changed.")}
        >
          {isAdmin ? "Make a user" : "Make an admin"}
        </Button>
        <Button
          isBusy={busy === "ban"}
          onClick={() => change("ban", { banned: !isBanned }, isBanned ? "Ban lifted." : "User banned.")}
        >
          {isBanned ? "Lift the ban" : "Ban"}
        </Button>
        {!isAsking && (
          <Button kind="danger" autoFocus={wasAsked.current} onClick={ask}>
            Delete
          </Button>
        )}
      </div>
      {isAsking && (
        <fieldset class="notice bad" onKeyDown={(event) => event.key === "Escape" && setAsking(false)}>
          <legend>Delete {user.name}?</legend>
          <p>The account, its sessions and all its tasks are gone for good.</p>
          <div class="actions">
            <Button kind="danger" isBusy={busy === "delete"} onClick={remove}>
              Delete for good
            </Button>
            <Button autoFocus onClick={() => setAsking(false)}>
              Keep
            </Button>
          </div>
        </fieldset>
      )}
    </>
  );
}
