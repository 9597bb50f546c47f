import { navigate } from "./location.js";
import { routeAt } from "./routes.js";

/** Links to a route are followed without loading the page anew; a link is a plain `<a href>`. */
document.addEventListener("click", (event) => {
  const isPlain =
    event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.defaultPrevented);
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!isPlain || !link || link.target || link.hash || link.origin !== globalThis.location.origin) return;
  if (!routeAt(link.pathname)) return;
  event.preventDefault();
  navigate(link.pathname);
});
