import { createStore } from "@latchkey/client";

/**
 * The token of the mailed link that opened the page. It leaves the address bar and the history at once, and nothing
 * is done with it but by a click: mail scanners open links, and some of them run scripts.
 */
export const linkToken = createStore(take());

function take(): string | undefined {
  if (!location.hash.startsWith("#token=")) return undefined;
  const token = new URLSearchParams(location.hash.slice(1)).get("token")?.trim();
  history.replaceState(null, "", location.pathname + location.search);
  return token || undefined;
}

// A second link opened in the same tab changes only the fragment.
addEventListener("hashchange", () => {
  const token = take();
  if (token) linkToken.set(token);
});
