import { createStore } from "@latchkey/client";

/** The path of the view on screen. */
export const currentPath = createStore(location.pathname);

export function navigate(path: string, { replace = false } = {}): void {
  // Like browsers, add no history entry for a link to the current page.
  if (replace || path === location.pathname) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  scrollTo(0, 0);
  currentPath.set(location.pathname);
}

addEventListener("popstate", () => currentPath.set(location.pathname));
