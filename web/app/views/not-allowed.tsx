import { Page } from "../components/page.js";

export function NotAllowed() {
  return (
    <Page title="Admins only" width="narrow">
      <div class="card stack">
        <p>Your account does not have the admin role.</p>
        <a class="button primary" href="/tasks">
          Go to your tasks
        </a>
      </div>
    </Page>
  );
}
