import { markRead, showList } from "./mailbox-list.js";
import { element } from "./mailbox-page.js";
import { showEmail } from "./mailbox-reader.js";

/** @import { Email } from "./mailbox-page.js" */

const pollMs = 1500;
const filter = element("filter", HTMLInputElement);
const connection = element("connection", HTMLElement);
const emptyButton = element("empty", HTMLButtonElement);

/** @type {Email[] | undefined} */
let emails;
/** @type {string | undefined} */
let shownId;
let etag = "";

filter.value = new URLSearchParams(location.search).get("to") ?? "";

/** @returns {string | undefined} */
function openId() {
  return /^\/dev\/mailbox\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1];
}

function show() {
  if (!emails) return;
  const wanted = filter.value.trim().toLowerCase();
  const matching = emails.filter((email) => email.to.toLowerCase().includes(wanted));
  const id = openId();
  const email = emails.find((candidate) => candidate.id === id);
  if (email) markRead(email.id);

  showList(matching, id);
  element("count", HTMLElement).textContent = matching.length === 1 ? "1 email" : `${matching.length} emails`;
  element("no-match", HTMLElement).hidden = matching.length > 0 || emails.length === 0;
  element("no-mail", HTMLElement).hidden = emails.length > 0 || id !== undefined;
  element("nothing-open", HTMLElement).hidden = emails.length === 0 || id !== undefined;
  element("not-found", HTMLElement).hidden = id === undefined || email !== undefined;
  element("mail", HTMLElement).hidden = !email;
  emptyButton.hidden = emails.length === 0;
  document.body.dataset["view"] = id !== undefined || emails.length === 0 ? "mail" : "list";
  document.title = email ? `${email.subject} · Mailbox` : "Mailbox";

  // Arriving emails must not reset the scroll position and tab of the open one.
  if (email && email.id !== shownId) showEmail(email);
  shownId = email?.id;
}

/** @param {string} url */
function go(url) {
  history.pushState(null, "", url);
  show();
  if (openId() && shownId) element("subject", HTMLElement).focus();
}

/** @param {Email[]} current */
function announceArrivals(current) {
  if (!emails) return;
  const known = new Set(emails.map(({ id }) => id));
  const arrived = current.filter(({ id }) => !known.has(id));
  const [first] = arrived;
  if (!first) return;
  const more = arrived.length > 1 ? ` and ${arrived.length - 1} more` : "";
  element("announcement", HTMLElement).textContent = `New email: ${first.subject}, to ${first.to}${more}`;
}

async function refresh() {
  const response = await fetch("/dev/mailbox.json", {
    headers: { "if-none-match": etag },
    cache: "no-store",
  });
  if (response.status === 304) return;
  if (!response.ok) throw new Error(`The mailbox returned ${response.status}`);
  /** @type {Email[]} */
  const current = await response.json();
  etag = response.headers.get("etag") ?? "";
  announceArrivals(current);
  emails = current;
  show();
}

/** @param {"live" | "lost"} state */
function setConnection(state) {
  if (connection.dataset["state"] === state) return;
  connection.dataset["state"] = state;
  connection.textContent = state === "live" ? "Live" : "Disconnected, retrying…";
}

async function poll() {
  try {
    if (!document.hidden) {
      await refresh();
      setConnection("live");
    }
  } catch {
    setConnection("lost");
  }
  setTimeout(poll, pollMs);
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-route]") : null;
  const opensElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0;
  if (!(link instanceof HTMLAnchorElement) || opensElsewhere) return;
  event.preventDefault();
  go(link.href);
});

filter.addEventListener("input", () => {
  const to = filter.value.trim();
  history.replaceState(null, "", `${location.pathname}${to ? `?${new URLSearchParams({ to })}` : ""}`);
  show();
});

element("show-all", HTMLButtonElement).addEventListener("click", () => {
  filter.value = "";
  filter.dispatchEvent(new Event("input"));
  filter.focus();
});

emptyButton.addEventListener("click", async () => {
  if (!confirm("Delete all emails in this mailbox?")) return;
  await fetch("/dev/mailbox.json", { method: "DELETE" });
  history.pushState(null, "", "/dev/mailbox");
  await refresh();
});

addEventListener("popstate", show);
document.addEventListener("visibilitychange", () => void refresh().catch(() => setConnection("lost")));
void poll();
