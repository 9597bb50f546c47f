import { useEffect } from "preact/hooks";
import { announcement } from "./announce.js";
import { Header } from "./components/header.js";
import { isRetrying, latchkey } from "./latchkey.js";
import { currentPath, navigate } from "./navigation.js";
import { routeViews } from "./route-views.js";
import { type Route, routeAt } from "./routes.js";
import { StepUp } from "./step-up/step-up-dialog.js";
import { useStore } from "./use-store.js";
import { NotAllowed } from "./views/not-allowed.js";
import { Resume } from "./views/resume.js";
import { SignIn } from "./views/sign-in.js";

export function App() {
  const path = useStore(currentPath);
  const found = routeAt(path);
  const isServerBusy = useStore(isRetrying);
  const announced = useStore(announcement);
  return (
    <>
      <a class="skip-link" href="#content">
        Skip to content
      </a>
      <Header path={path} />
      <div role="status">{isServerBusy && <p class="retry-note">The server is busy. Trying again…</p>}</div>
      <main id="content" tabIndex={-1}>
        {found && <Guarded key={path} {...found} />}
      </main>
      <StepUp />
      <p class="visually-hidden" role="status">
        {announced}
      </p>
    </>
  );
}

/** The view of a route, or a replacement for visitors without access. */
function Guarded({ route, params }: { route: Route; params: Record<string, string> }) {
  const session = useStore(latchkey.session);
  const isStart = route.path === "/";
  useEffect(() => {
    if (isStart && session.state === "signed-in") navigate("/tasks", { replace: true });
  }, [isStart, session.state]);

  const View = routeViews[route.path];
  if (session.state === "unknown" && (isStart || route.access !== "anyone")) return <Resume />;
  if (isStart && session.state === "signed-in") return null;
  if (route.access === "anyone") return <View params={params} />;
  if (session.state !== "signed-in") return <SignIn />;
  if (route.access === "admin" && session.user.role !== "admin") return <NotAllowed />;
  return <View params={params} />;
}
