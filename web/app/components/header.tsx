import { useState } from "preact/hooks";
import { latchkey } from "../latchkey.js";
import { routeAt, routes } from "../routes.js";
import { signOut } from "../sign-out.js";
import { useStore } from "../use-store.js";
import { Button } from "./button.js";
import { Failure } from "./failure.js";

/** Only local servers have a mailbox. */
const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

export function Header({ path }: { path: string }) {
  const session = useStore(latchkey.session);
  const user = session.state === "signed-in" ? session.user : undefined;
  const pages = routes.filter(
    ({ navLabel, access }) => navLabel && user && (access !== "admin" || user.role === "admin"),
  );
  return (
    <header class="site-header">
      <a class="brand" href={user ? "/tasks" : "/"}>
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Latchkey
      </a>
      <nav aria-label="Main">
        {pages.map((page) => (
          <a key={page.path} href={page.path} aria-current={isWithin(path, page.path) ? "page" : undefined}>
            {page.navLabel}
          </a>
        ))}
        {/* Hidden until the session is known: the pages that appear then would push these links aside. */}
        {session.state !== "unknown" && <a href="/api/docs">API</a>}
        {session.state !== "unknown" && isLocal && <a href="/dev/mailbox">Mailbox</a>}
      </nav>
      {user && <Account name={user.name} />}
    </header>
  );
}

const isWithin = (path: string, page: string) =>
  path === page || path.startsWith(`${page}/`) || routeAt(path)?.route.section === page;

function Account({ name }: { name: string }) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  async function leave() {
    setBusy(true);
    setFailure(undefined);
    try {
      await signOut();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  }
  return (
    <div class="account">
      <span class="user-name" title={name} dir="auto">
        {name}
      </span>
      <Button kind="quiet" isBusy={isBusy} onClick={leave}>
        Sign out
      </Button>
      {failure !== undefined && (
        <Failure error={failure} title="You are still signed in" onDismiss={() => setFailure(undefined)} />
      )}
    </div>
  );
}
