import { h, render } from "preact";
import { App } from "./app/app.js";
import { interceptLinks } from "./app/intercept-links.js";
import { latchkey } from "./app/latchkey.js";
import { preloadView } from "./app/route-views.js";

const root = document.getElementById("app");
if (!root) throw new Error("The page has no #app");

interceptLinks();
// Both start before the first render, side by side. The view that waits for them shows any failure.
latchkey.resume().catch(() => {});
preloadView(location.pathname);
render(h(App, {}), root);
