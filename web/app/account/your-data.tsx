import { useState } from "preact/hooks";
import { daysToRestore } from "../closed-account.js";
import { AuthForm } from "../components/auth-form.js";
import { Button } from "../components/button.js";
import { useForm } from "../components/form.js";
import { latchkey } from "../latchkey.js";
import { CloseDialog } from "./close-dialog.js";

/** Downloads the data of the account, and closes the account. */
export function YourData() {
  const [isSaved, setSaved] = useState(false);
  const [isClosing, setClosing] = useState(false);
  const download = useForm(async () => {
    setSaved(false);
    save(await latchkey.downloadExport());
    setSaved(true);
  });
  return (
    <section class="card stack">
      <h2>Your data</h2>
      <p class="hint">
        One JSON file with everything that we store about you: your account, tasks, devices, activity and
        emails.
      </p>
      <AuthForm form={download} submit="Download your data" kind="plain" />
      <div role="status">{isSaved && <p class="notice success">Your data is downloaded.</p>}</div>
      <p class="hint">
        Closing your account signs you out everywhere. You have {daysToRestore} days to change your mind.
      </p>
      <div>
        <Button kind="danger" onClick={() => setClosing(true)}>
          Close account
        </Button>
      </div>
      {isClosing && <CloseDialog onCancel={() => setClosing(false)} />}
    </section>
  );
}

/** The browser keeps the whole blob: a full account has about 480 MB. Chromium moves large blobs to the disk. */
function save(blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `latchkey-export-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  // The download starts after this task.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
