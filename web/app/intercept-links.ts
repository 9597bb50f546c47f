import { navigate } from "./navigation.js";
import { routeAt } from "./routes.js";

/** Follows plain `<a href>` links to a route without reloading the page. */
export function interceptLinks(): void {
  document.addEventListener("click", (event) => {
    const hasModifier = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    const isPlain = event.button === 0 && !hasModifier && !event.defaultPrevented;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!isPlain || !link || link.target || link.hash || link.origin !== location.origin) return;
    if (!routeAt(link.pathname)) return;
    event.preventDefault();
    navigate(link.pathname);
  });
}
