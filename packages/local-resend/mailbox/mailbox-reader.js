import { linksOf } from "./mailbox-links.js";
import { element } from "./mailbox-page.js";

/** @import { Link } from "./mailbox-links.js" */
/** @import { Email } from "./mailbox-page.js" */

const frame = element("frame", HTMLIFrameElement);
const tabs = [element("tab-html", HTMLButtonElement), element("tab-text", HTMLButtonElement)];
const panels = [element("panel-html", HTMLElement), element("panel-text", HTMLElement)];

/** @param {Email} email */
export function showEmail(email) {
  element("subject", HTMLElement).textContent = email.subject;
  element("to", HTMLElement).textContent = email.to;
  element("from", HTMLElement).textContent = email.from;
  const received = element("received", HTMLTimeElement);
  received.dateTime = email.createdAt;
  received.textContent = new Date(email.createdAt).toLocaleString([], {
    dateStyle: "full",
    timeStyle: "medium",
  });

  const links = linksOf(email);
  element("links", HTMLElement).hidden = links.length === 0;
  element("link-list", HTMLUListElement).replaceChildren(...links.map(linkItem));

  element("text", HTMLPreElement).textContent = email.text;
  showFrame(email.html === "" ? "about:blank" : `/dev/mailbox/${email.id}/html`);
  element("tab-html", HTMLElement).hidden = email.html === "";
  element("tab-text", HTMLElement).hidden = email.text === "";
  select(email.html === "" ? 1 : 0);
}

/**
 * Replaces the frame. Setting its `src` would add a history entry, and "back" would only change the frame.
 * @param {string} url
 */
function showFrame(url) {
  const fresh = frame.cloneNode();
  if (!(fresh instanceof HTMLIFrameElement)) return;
  fresh.src = url;
  panels[0]?.replaceChildren(fresh);
}

/** @param {Link} link */
function linkItem({ label, url }) {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.rel = "noreferrer";
  anchor.textContent = label || url;
  const target = document.createElement("div");
  target.append(anchor);
  if (label) {
    const address = document.createElement("code");
    address.textContent = url;
    address.title = url;
    target.append(address);
  }
  target.className = "target";

  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = "Copy";
  copy.setAttribute("aria-label", `Copy link ${label || url}`);
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(url);
    element("announcement", HTMLElement).textContent = "Link copied.";
    copy.textContent = "Copied";
    setTimeout(() => {
      copy.textContent = "Copy";
    }, 2000);
  });

  const item = document.createElement("li");
  item.append(target, copy);
  return item;
}

/** @param {number} chosen */
function select(chosen) {
  tabs.forEach((tab, index) => {
    tab.setAttribute("aria-selected", String(index === chosen));
    tab.tabIndex = index === chosen ? 0 : -1;
  });
  panels.forEach((panel, index) => {
    panel.hidden = index !== chosen;
  });
}

tabs.forEach((tab, index) => {
  tab.addEventListener("click", () => select(index));
  tab.addEventListener("keydown", (event) => {
    const target = { ArrowLeft: 0, Home: 0, ArrowRight: 1, End: 1 }[event.key];
    if (target === undefined || tabs[target]?.hidden) return;
    event.preventDefault();
    select(target);
    tabs[target]?.focus();
  });
});
