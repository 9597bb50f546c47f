import { Button } from "../components/button.js";

type Props = { name: string; isBusy: boolean; onDelete: () => void; onCancel: () => void };

/** Asks before an account goes for good. */
export function DeleteUser({ name, isBusy, onDelete, onCancel }: Props) {
  return (
    <fieldset class="notice error" onKeyDown={(event) => event.key === "Escape" && onCancel()}>
      <legend>
        Delete <bdi>{name}</bdi>?
      </legend>
      <p>This permanently deletes the account, its sessions and all its tasks.</p>
      <div class="actions">
        <Button kind="danger" isBusy={isBusy} onClick={onDelete}>
          Delete permanently
        </Button>
        <Button autoFocus onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}
