import { navigate } from "./navigation.js";
import { preloadView } from "./route-views.js";
import { routeAt } from "./routes.js";

/** Follows plain `<a href>` links to a route without reloading the page, and preloads their views. */
export function interceptLinks(): void {
  for (const intent of ["pointerover", "focusin"]) {
    document.addEventListener(intent, ({ target }) => {
      const link = linkAt(target);
      if (link) preloadView(link.pathname);
    });
  }
  document.addEventListener("click", (event) => {
    const hasModifier = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    const isPlain = event.button === 0 && !hasModifier && !event.defaultPrevented;
    const link = linkAt(event.target);
    if (!isPlain || !link || link.target || link.hash || link.origin !== location.origin) return;
    if (!routeAt(link.pathname)) return;
    event.preventDefault();
    navigate(link.pathname);
  });
}

const linkAt = (target: EventTarget | null) => (target instanceof Element ? target.closest("a") : null);
