import { markRead, showList } from "./mailbox-list.js";
import { element } from "./mailbox-page.js";
import { showMail } from "./mailbox-reader.js";

/** @import { Mail } from "./mailbox-page.js" */

const POLL_MS = 1500;
const filter = element("filter", HTMLInputElement);
const connection = element("connection", HTMLElement);
const emptyButton = element("empty", HTMLButtonElement);

/** @type {Mail[] | undefined} */
let mails;
/** @type {string | undefined} */
let shownId;
let etag = "";

filter.value = new URLSearchParams(location.search).get("to") ?? "";

/** @returns {string | undefined} */
function openId() {
  return /^\/dev\/mailbox\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1];
}

function show() {
  if (!mails) return;
  const wanted = filter.value.trim().toLowerCase();
  const matching = mails.filter((mail) => mail.to.toLowerCase().includes(wanted));
  const id = openId();
  const mail = mails.find((candidate) => candidate.id === id);
  if (mail) markRead(mail.id);

  showList(matching, id);
  element("count", HTMLElement).textContent = matching.length === 1 ? "1 mail" : `${matching.length} mails`;
  element("no-match", HTMLElement).hidden = matching.length > 0 || mails.length === 0;
  element("no-mail", HTMLElement).hidden = mails.length > 0 || id !== undefined;
  element("nothing-open", HTMLElement).hidden = mails.length === 0 || id !== undefined;
  element("not-found", HTMLElement).hidden = id === undefined || mail !== undefined;
  element("mail", HTMLElement).hidden = !mail;
  emptyButton.hidden = mails.length === 0;
  document.body.dataset["view"] = id !== undefined || mails.length === 0 ? "mail" : "list";
  document.title = mail ? `${mail.subject} · Mailbox` : "Mailbox · Latchkey";

  // An opened mail stays as it is while others arrive: its scroll position and chosen tab are the reader's.
  if (mail && mail.id !== shownId) showMail(mail);
  shownId = mail?.id;
}

/** @param {string} url */
function go(url) {
  history.pushState(null, "", url);
  show();
  if (openId() && shownId) element("subject", HTMLElement).focus();
}

/** @param {Mail[]} current */
function announceArrivals(current) {
  if (!mails) return;
  const known = new Set(mails.map(({ id }) => id));
  const arrived = current.filter(({ id }) => !known.has(id));
  const [first] = arrived;
  if (!first) return;
  const more = arrived.length > 1 ? ` and ${arrived.length - 1} more` : "";
  element("announcement", HTMLElement).textContent = `New mail: ${first.subject}, to ${first.to}${more}`;
}

async function refresh() {
  const response = await fetch("/dev/mailbox.json", {
    headers: { "if-none-match": etag },
    cache: "no-store",
  });
  if (response.status === 304) return;
  if (!response.ok) throw new Error(`The mailbox answered ${response.status}`);
  /** @type {Mail[]} */
  const current = await response.json();
  etag = response.headers.get("etag") ?? "";
  announceArrivals(current);
  mails = current;
  show();
}

/** @param {"live" | "lost"} state */
function setConnection(state) {
  if (connection.dataset["state"] === state) return;
  connection.dataset["state"] = state;
  connection.textContent = state === "live" ? "Live" : "Not connected, trying again…";
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
  setTimeout(poll, POLL_MS);
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
  if (!confirm("Delete every mail in this mailbox?")) return;
  await fetch("/dev/mailbox.json", { method: "DELETE" });
  history.pushState(null, "", "/dev/mailbox");
  await refresh();
});

addEventListener("popstate", show);
document.addEventListener("visibilitychange", () => void refresh().catch(() => setConnection("lost")));
void poll();
