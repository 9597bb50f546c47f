import type { components } from "@latchkey/client";
import { dataOf } from "@latchkey/client";
import { useRef, useState } from "preact/hooks";
import { announce } from "../announce.js";
import { Button } from "../components/button.js";
import { Failure } from "../components/failure.js";
import { latchkey } from "../latchkey.js";
import { navigate } from "../navigation.js";
import { isCancelled } from "../step-up/prompt.js";
import { BanDialog } from "./ban-dialog.js";
import { DeleteUser } from "./delete-user.js";
import type { AdminUser } from "./use-users.js";

type Change = components["schemas"]["PatchUserRequest"];
type Action = "role" | "ban" | "reset" | "restore" | "delete";
type Props = { user: AdminUser; onChange: (user: AdminUser) => void };

export function UserActions({ user, onChange }: Props) {
  const [busy, setBusy] = useState<Action>();
  const [failure, setFailure] = useState<unknown>();
  const [question, setQuestion] = useState<"ban" | "delete">();
  const [isLinkSent, setLinkSent] = useState(false);
  /** True after the first confirmation, so that Cancel returns the focus to Delete. */
  const wasConfirming = useRef(false);
  const params = { path: { id: user.id } };

  async function run(action: Action, work: () => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(action);
    setFailure(undefined);
    setLinkSent(false);
    await work().catch((error) => isCancelled(error) || setFailure(error));
    setBusy(undefined);
  }

  const change = (action: "role" | "ban", body: Change, message: string) =>
    run(action, async () => {
      onChange(await dataOf(latchkey.api.PATCH("/api/admin/users/{id}", { params, body })));
      announce(message);
    });

  const sendLink = () =>
    run("reset", async () => {
      await latchkey.api.POST("/api/admin/users/{id}/password-reset", { params });
      setLinkSent(true);
    });

  const restore = () =>
    run("restore", async () => {
      onChange(await dataOf(latchkey.api.POST("/api/admin/users/{id}/restore", { params })));
      announce("Account reopened.");
    });

  const remove = () =>
    run("delete", async () => {
      await latchkey.api.DELETE("/api/admin/users/{id}", { params });
      announce("User deleted.");
      navigate("/users");
    });

  function onBan(banned: AdminUser) {
    announce(user.bannedAt ? "Ban changed." : "User banned.");
    onChange(banned);
  }

  const isAdmin = user.role === "admin";
  const isBanned = user.bannedAt !== null;
  return (
    <>
      {failure !== undefined && <Failure error={failure} onDismiss={() => setFailure(undefined)} />}
      <div role="status">
        {isLinkSent && <p class="notice success">A link to set a new password is on its way to the user.</p>}
      </div>
      <div class="actions">
        <Button
          isBusy={busy === "role"}
          onClick={() => change("role", { role: isAdmin ? "user" : "admin" }, "Role changed.")}
        >
          {isAdmin ? "Remove admin role" : "Make admin"}
        </Button>
        <Button onClick={() => setQuestion("ban")}>{isBanned ? "Change ban" : "Ban"}</Button>
        {isBanned && (
          <Button isBusy={busy === "ban"} onClick={() => change("ban", { banned: false }, "Ban lifted.")}>
            Lift ban
          </Button>
        )}
        {user.closedAt ? (
          <Button isBusy={busy === "restore"} onClick={restore}>
            Reopen account
          </Button>
        ) : (
          <Button isBusy={busy === "reset"} onClick={sendLink}>
            Send a link to set a new password
          </Button>
        )}
        {question !== "delete" && (
          <Button
            kind="danger"
            autoFocus={wasConfirming.current}
            onClick={() => {
              wasConfirming.current = true;
              setQuestion("delete");
            }}
          >
            Delete
          </Button>
        )}
      </div>
      {question === "ban" && <BanDialog user={user} onBan={onBan} onClose={() => setQuestion(undefined)} />}
      {question === "delete" && (
        <DeleteUser
          name={user.name}
          isBusy={busy === "delete"}
          onDelete={remove}
          onCancel={() => setQuestion(undefined)}
        />
      )}
    </>
  );
}
