import { Page } from "../parts/page.js";

export default function NotAllowed() {
  return (
    <Page title="This is for administrators" width="narrow">
      <div class="card stack">
        <p>Your account does not have that role.</p>
        <a class="button primary" href="/tasks">
          Go to your tasks
        </a>
      </div>
    </Page>
  );
}
