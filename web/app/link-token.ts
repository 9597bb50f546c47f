import { createStore } from "@latchkey/client";

/**
 * The token of the emailed link that opened the page. It leaves the address bar and the history immediately, and only
 * a click uses it: mail scanners open links, and some of them run scripts.
 */
export const linkToken = createStore(takeToken());

function takeToken(): string | undefined {
  if (!location.hash.startsWith("#token=")) return undefined;
  const token = new URLSearchParams(location.hash.slice(1)).get("token")?.trim();
  history.replaceState(null, "", location.pathname + location.search);
  return token || undefined;
}

// A second link opened in the same tab changes only the fragment.
addEventListener("hashchange", () => {
  const token = takeToken();
  if (token) linkToken.set(token);
});
