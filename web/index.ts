import { h, render } from "preact";
import { App } from "./app/app.js";
import { interceptLinks } from "./app/intercept-links.js";
import { latchkey } from "./app/latchkey.js";

const root = document.getElementById("app");
if (!root) throw new Error("The page has no #app");

interceptLinks();
// Starts before the first render. The view that waits for the session shows any failure.
latchkey.resume().catch(() => {});
render(h(App, {}), root);
