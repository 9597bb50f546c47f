import { h, render } from "preact";
import { App } from "./app/app.js";
import "./app/follow-links.js";
import { routeAt } from "./app/routes.js";
import { latchkey } from "./app/session.js";

const root = document.getElementById("app");
if (!root) throw new Error("The page has no #app");

// What keeps this from an answer is shown by the view that waits for it.
latchkey.resume().catch(() => {});
// Its script loads while the server is asked who is there; the view itself says when that fails.
routeAt(location.pathname)
  ?.route.view()
  .catch(() => {});
render(h(App, {}), root);
