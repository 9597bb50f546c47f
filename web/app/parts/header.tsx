import { useState } from "preact/hooks";
import { routes } from "../routes.js";
import { latchkey } from "../session.js";
import { useStore } from "../use-store.js";
import { Button } from "./button.js";
import { Failure } from "./failure.js";

/** The mailbox exists only where the local servers run. */
const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

export function Header({ path }: { path: string }) {
  const session = useStore(latchkey.session);
  const user = session.state === "signed-in" ? session.user : undefined;
  const pages = routes.filter(
    ({ inNavigation, who }) => inNavigation && user && (who !== "admin" || user.role === "admin"),
  );
  return (
    <header class="bar">
      <a class="brand" href={user ? "/tasks" : "/"}>
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Latchkey
      </a>
      <nav aria-label="Main">
        {pages.map((page) => (
          <a key={page.path} href={page.path} aria-current={isWithin(path, page.path) ? "page" : undefined}>
            {page.inNavigation}
          </a>
        ))}
        {/* Not before it is known who is there: what comes first would push these aside. */}
        {session.state !== "unknown" && <a href="/api/docs">API</a>}
        {session.state !== "unknown" && isLocal && <a href="/dev/mailbox">Mailbox</a>}
      </nav>
      {user && <Account name={user.name} />}
    </header>
  );
}

const isWithin = (path: string, page: string) => path === page || path.startsWith(`${page}/`);

function Account({ name }: { name: string }) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  async function signOut() {
    setBusy(true);
    setFailure(undefined);
    try {
      await latchkey.signOut();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  }
  return (
    <div class="account">
      <span class="who" title={name}>
        {name}
      </span>
      <Button kind="quiet" isBusy={isBusy} onClick={signOut}>
        Sign out
      </Button>
      {failure !== undefined && (
        <Failure error={failure} title="You are still signed in" onDismiss={() => setFailure(undefined)} />
      )}
    </div>
  );
}
