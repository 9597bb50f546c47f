import { dataOf } from "@latchkey/client";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { Button } from "../components/button.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { latchkey } from "../latchkey.js";
import { isCancelled } from "../step-up/prompt.js";
import { banEnds, bannedUntilOf, keptEnd } from "./ban-end.js";
import type { AdminUser } from "./use-users.js";

type Props = { user: AdminUser; onBan: (user: AdminUser) => void; onClose: () => void };

/** Asks for the reason and the end of a ban, or for those that replace them. The user gets to know both. */
export function BanDialog({ user, onBan, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isBanned = user.bannedAt !== null;
  const [end, setEnd] = useState(isBanned ? "keep" : "none");
  const form = useForm(async ({ banReason = "", bannedUntil: date = "" }) => {
    const bannedUntil = bannedUntilOf(end, date);
    const body = {
      banned: true,
      banReason: banReason.trim() || null,
      ...(bannedUntil === undefined ? {} : { bannedUntil }),
    };
    const params = { path: { id: user.id } };
    try {
      onBan(await dataOf(latchkey.api.PATCH("/api/admin/users/{id}", { params, body })));
    } catch (error) {
      if (!isCancelled(error)) throw error;
      return;
    }
    dialog.current?.close();
  });
  // The browser keeps the focus inside, and returns it to the button when the dialog closes.
  useEffect(() => dialog.current?.showModal(), []);
  const choices = Object.entries(isBanned ? { keep: keptEnd(user.bannedUntil), ...banEnds } : banEnds);

  return (
    <dialog
      ref={dialog}
      class="card"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={onClose}
    >
      <div class="stack">
        <h2 id={`${id}-title`}>
          {isBanned ? "Change the ban on " : "Ban "}
          <bdi>{user.name}</bdi>
        </h2>
        <p id={`${id}-text`}>
          {isBanned
            ? "The user is told the reason and the end by email, and when signing in."
            : "This signs the user out on all devices. The user is told the reason and the end by email, and when signing in."}
        </p>
        <AuthForm form={form} submit={isBanned ? "Change the ban" : "Ban this user"}>
          <Field
            form={form}
            name="banReason"
            label="Reason"
            hint="Optional"
            autoComplete="off"
            defaultValue={user.banReason ?? ""}
            isOptional
          />
          <div class="field">
            <label for={`${id}-end`}>Ends</label>
            <select id={`${id}-end`} value={end} onChange={(event) => setEnd(event.currentTarget.value)}>
              {choices.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </div>
          {end === "date" && (
            <div class="field">
              <label for={`${id}-date`}>Date and time</label>
              <input
                id={`${id}-date`}
                name="bannedUntil"
                type="datetime-local"
                required
                aria-invalid={form.messages["bannedUntil"] !== undefined}
                aria-describedby={`${id}-date-message`}
              />
              <p class="field-error" id={`${id}-date-message`}>
                {form.messages["bannedUntil"]}
              </p>
            </div>
          )}
        </AuthForm>
        <Button onClick={() => dialog.current?.close()}>Cancel</Button>
      </div>
    </dialog>
  );
}
