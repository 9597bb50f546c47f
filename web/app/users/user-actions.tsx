import type { components } from "@latchkey/client";
import { dataOf } from "@latchkey/client";
import { useRef, useState } from "preact/hooks";
import { announce } from "../announce.js";
import { Button } from "../components/button.js";
import { Failure } from "../components/failure.js";
import { latchkey } from "../latchkey.js";
import { navigate } from "../navigation.js";
import { isCancelled } from "../step-up/prompt.js";
import type { AdminUser } from "./use-users.js";

type Change = components["schemas"]["PatchUserRequest"];
type Action = "role" | "ban" | "delete";
type Props = { user: AdminUser; onChange: (user: AdminUser) => void };

export function UserActions({ user, onChange }: Props) {
  const [busy, setBusy] = useState<Action>();
  const [failure, setFailure] = useState<unknown>();
  const [isConfirming, setConfirming] = useState(false);
  /** True after the first confirmation, so that Cancel returns the focus to Delete. */
  const wasConfirming = useRef(false);
  const path = { id: user.id };

  async function run(action: Action, work: () => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(action);
    setFailure(undefined);
    await work().catch((error) => isCancelled(error) || setFailure(error));
    setBusy(undefined);
  }

  const change = (action: "role" | "ban", body: Change, message: string) =>
    run(action, async () => {
      onChange(await dataOf(latchkey.api.PATCH("/api/admin/users/{id}", { params: { path }, body })));
      announce(message);
    });

  const remove = () =>
    run("delete", async () => {
      await latchkey.api.DELETE("/api/admin/users/{id}", { params: { path } });
      announce("User deleted.");
      navigate("/users");
    });

  function confirm() {
    wasConfirming.current = true;
    setConfirming(true);
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
          {isAdmin ? "Remove admin role" : "Make admin"}
        </Button>
        <Button
          isBusy={busy === "ban"}
          onClick={() => change("ban", { banned: !isBanned }, isBanned ? "Ban lifted." : "User banned.")}
        >
          {isBanned ? "Lift ban" : "Ban"}
        </Button>
        {!isConfirming && (
          <Button kind="danger" autoFocus={wasConfirming.current} onClick={confirm}>
            Delete
          </Button>
        )}
      </div>
      {isConfirming && (
        <fieldset class="notice error" onKeyDown={(event) => event.key === "Escape" && setConfirming(false)}>
          <legend>
            Delete <bdi>{user.name}</bdi>?
          </legend>
          <p>This permanently deletes the account, its sessions and all its tasks.</p>
          <div class="actions">
            <Button kind="danger" isBusy={busy === "delete"} onClick={remove}>
              Delete permanently
            </Button>
            <Button autoFocus onClick={() => setConfirming(false)}>
              Cancel
            </Button>
          </div>
        </fieldset>
      )}
    </>
  );
}
