import { element } from "./mailbox-page.js";

/** @import { Email } from "./mailbox-page.js" */

const readKey = "local-resend-read-emails";
const list = element("mails", HTMLUListElement);
/** @type {Set<string>} */
const read = new Set(JSON.parse(localStorage.getItem(readKey) ?? "[]"));

/** @param {string} id */
export function markRead(id) {
  read.add(id);
  localStorage.setItem(readKey, JSON.stringify([...read].slice(-1000)));
}

/**
 * @param {Email[]} emails newest first
 * @param {string | undefined} openId
 */
export function showList(emails, openId) {
  const focused =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset["id"] : undefined;
  list.replaceChildren(...emails.map((email) => createItem(email, email.id === openId)));
  list.hidden = emails.length === 0;
  const successor = focused && list.querySelector(`a[data-id="${CSS.escape(focused)}"]`);
  if (successor instanceof HTMLElement) successor.focus({ preventScroll: true });
}

/**
 * @param {Email} email
 * @param {boolean} isOpen
 */
function createItem(email, isOpen) {
  const link = document.createElement("a");
  link.href = `/dev/mailbox/${email.id}`;
  link.dataset["id"] = email.id;
  link.dataset["route"] = "";
  if (!read.has(email.id)) link.dataset["unread"] = "";
  if (isOpen) link.setAttribute("aria-current", "true");

  const subject = document.createElement("strong");
  subject.textContent = email.subject;
  const to = document.createElement("span");
  to.textContent = email.to;
  const time = document.createElement("time");
  time.dateTime = email.createdAt;
  time.textContent = shortTime(new Date(email.createdAt));
  link.append(subject, to, time);

  const entry = document.createElement("li");
  entry.append(link);
  return entry;
}

/** @param {Date} at */
function shortTime(at) {
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday
    ? at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" })
    : at.toLocaleDateString([], { day: "numeric", month: "short" });
}

list.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = /** @type {(Element | null)[]} */ ([...list.querySelectorAll("a")]);
  const next = links[links.indexOf(document.activeElement) + step];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
});
