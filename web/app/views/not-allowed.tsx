import { Page } from "../parts/page.js";

export default function NotAllowed() {
  return (
    <Page title="This is for administrators" width="narrow">
      <p>
        Your account does not have that role. <a href="/tasks">Go to your tasks</a>
      </p>
    </Page>
  );
}
