import { h, render } from "preact";
import { App } from "./app/app.js";
import "./app/follow-links.js";
import { latchkey } from "./app/session.js";

const root = document.getElementById("app");
if (!root) throw new Error("The page has no #app");

// What keeps this from an answer is shown by the view that waits for it.
latchkey.resume().catch(() => {});
render(h(App, {}), root);
