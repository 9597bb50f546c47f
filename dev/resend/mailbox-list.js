import { element } from "./mailbox-page.js";

/** @import { Mail } from "./mailbox-page.js" */

const READ_KEY = "latchkey-read-mails";
const list = element("mails", HTMLUListElement);
/** @type {Set<string>} */
const read = new Set(JSON.parse(localStorage.getItem(READ_KEY) ?? "[]"));

/** @param {string} id */
export function markRead(id) {
  read.add(id);
  localStorage.setItem(READ_KEY, JSON.stringify([...read].slice(-1000)));
}

/**
 * @param {Mail[]} mails newest first
 * @param {string | undefined} openId
 */
export function showList(mails, openId) {
  const focused =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset["id"] : undefined;
  list.replaceChildren(...mails.map((mail) => item(mail, mail.id === openId)));
  list.hidden = mails.length === 0;
  const successor = focused && list.querySelector(`a[data-id="${CSS.escape(focused)}"]`);
  if (successor instanceof HTMLElement) successor.focus({ preventScroll: true });
}

/**
 * @param {Mail} mail
 * @param {boolean} isOpen
 */
function item(mail, isOpen) {
  const link = document.createElement("a");
  link.href = `/dev/mailbox/${mail.id}`;
  link.dataset["id"] = mail.id;
  link.dataset["route"] = "";
  if (!read.has(mail.id)) link.dataset["unread"] = "";
  if (isOpen) link.setAttribute("aria-current", "true");

  const subject = document.createElement("strong");
  subject.textContent = mail.subject;
  const to = document.createElement("span");
  to.textContent = mail.to;
  const time = document.createElement("time");
  time.dateTime = mail.createdAt;
  time.textContent = shortTime(new Date(mail.createdAt));
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
