import { createStore } from "@latchkey/client";
import { navigate } from "./navigation.js";
import { tokenIn } from "./token-in.js";

/**
 * The token of the emailed link that opened the page. It leaves the address bar and the history immediately, and only
 * a click uses it: mail scanners open links, and some of them run scripts.
 */
export const linkToken = createStore(takeToken());

function takeToken(): string | undefined {
  const [path = "", encodedFragment = ""] = location.pathname.split(/\/?(%(?:25)*23.*)/);
  const fragment = encodedFragment + location.hash;
  if (!/token/i.test(fragment)) return undefined;
  navigate(path, { replace: true });
  return tokenIn(fragment);
}

// A second link opened in the same tab changes only the fragment.
addEventListener("hashchange", () => {
  const token = takeToken();
  if (token) linkToken.set(token);
});
