import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { location, navigate } from "./location.js";
import { Header } from "./parts/header.js";
import { Loading } from "./parts/loading.js";
import { type Route, routeAt, type ViewProps } from "./routes.js";
import { announcement, isWaiting, latchkey } from "./session.js";
import { useStore } from "./use-store.js";
import NotAllowed from "./views/not-allowed.js";
import Resume from "./views/resume.js";

type View = ComponentType<ViewProps>;

export function App() {
  const path = useStore(location);
  const found = routeAt(path);
  const isBusy = useStore(isWaiting);
  const said = useStore(announcement);
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <Header path={path} />
      {isBusy && <p class="busy-note">The server is busy. Trying again…</p>}
      <main id="content" tabIndex={-1}>
        {found && <Guarded key={path} {...found} />}
      </main>
      <p class="visually-hidden" role="status">
        {said}
      </p>
    </>
  );
}

/** The view of a route, or what those see instead who may not see it. */
function Guarded({ route, params }: { route: Route; params: Record<string, string> }) {
  const session = useStore(latchkey.session);
  const isStart = route.path === "/";
  useEffect(() => {
    if (isStart && session.state === "signed-in") navigate("/tasks", { replace: true });
  }, [isStart, session.state]);

  if (session.state === "unknown" && (isStart || route.who !== "anyone")) return <Resume />;
  if (isStart && session.state === "signed-in") return null;
  if (route.who === "anyone") return <Lazy load={route.view} params={params} />;
  if (session.state !== "signed-in") return <Lazy load={signIn} params={{}} />;
  if (route.who === "admin" && session.user.role !== "admin") return <NotAllowed />;
  return <Lazy load={route.view} params={params} />;
}

const signIn: Route["view"] = () => import("./views/sign-in.js");
const loaded = new Map<Route["view"], View>();

function Lazy({ load, params }: { load: Route["view"]; params: Record<string, string> }) {
  const [failed, setFailed] = useState(false);
  const [, setLoaded] = useState<object>();
  useEffect(() => {
    if (loaded.has(load)) return;
    load().then(
      (module) => {
        loaded.set(load, module.default);
        setLoaded({});
      },
      () => setFailed(true),
    );
  }, [load]);
  const View = loaded.get(load);
  if (View) return <View params={params} />;
  return failed ? <Missing /> : <Loading what="the page" />;
}

/** A new version was deployed, or the connection is gone: a script of the page could not be loaded. */
function Missing() {
  return (
    <div class="narrow lone" role="alert">
      <h1>This page could not be loaded</h1>
      <p>Check your connection, then load the page again.</p>
      <button type="button" class="primary" onClick={() => globalThis.location.reload()}>
        Load again
      </button>
    </div>
  );
}
