import { createStore } from "@latchkey/client";

/** The path that is shown. */
export const location = createStore(globalThis.location.pathname);

export function navigate(path: string, { replace = false } = {}): void {
  // As a browser does with a link to where one is.
  if (replace || path === globalThis.location.pathname) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  scrollTo(0, 0);
  location.set(globalThis.location.pathname);
}

addEventListener("popstate", () => location.set(globalThis.location.pathname));
