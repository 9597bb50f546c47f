import { session } from "../../../lib/auth/limits.js";
import { goodPassword, newEmail } from "../../stack/people.js";
import type { Random } from "../random.js";
import type { Crowd, Visitor } from "./crowd.js";
import { changeTask, createTask, deleteTask } from "./task-visits.js";
import type { Wire, WireAnswer } from "./wire.js";

export type Scene = { wire: Wire; crowd: Crowd; random: Random };
/** One request of one visitor. `undefined` when there is nothing to do it with. */
export type Visit = (scene: Scene, visitor: Visitor) => Promise<WireAnswer> | undefined;

/** Where those come from whom a budget of their address could stop: so many that none does. */
export const addresses: string[] = Array.from({ length: 256 }, (_, index) => `127.1.${index}.1`);
let turn = 0;

function nextAddress(): string {
  turn += 1;
  return addresses[turn % addresses.length] ?? "127.1.0.1";
}

const login: Visit = async ({ wire, crowd }, { email, password }) => {
  const address = nextAddress();
  const answer = await wire("POST", "/api/auth/login", { json: { email, password }, address });
  if (answer.status === 200 && answer.cookie) crowd.cookies.push(answer.cookie);
  return answer;
};

const logout: Visit = ({ wire, crowd }) => {
  const cookie = crowd.cookies.shift();
  if (cookie === undefined) return undefined;
  return wire("POST", "/api/auth/logout", { cookie }).then((answer) => {
    if (answer.status === 204) crowd.ledger.loggedOut.push(cookie);
    return answer;
  });
};

const remove = <Item>(list: Item[], item: Item): void => {
  const place = list.indexOf(item);
  if (place >= 0) list.splice(place, 1);
};

/** Whether the used token was sent again only when nobody takes it any more: the session then ends, as a thief's would. */
export const isCutOff = ({ unsureSince }: Visitor): boolean =>
  unsureSince !== undefined && performance.now() - unsureSince > session.graceSeconds * 1_000;

/**
 * Whose token is the oldest, one at a time for each, as browsers do it; who cannot know whether it was done, again and
 * soon; whose session has ended logs in.
 */
const refresh: Visit = async ({ wire, crowd }, anybody) => {
  const [unsure] = crowd.owed;
  const visitor = unsure ?? crowd.visitors[0] ?? anybody;
  remove(crowd.owed, visitor);
  remove(crowd.visitors, visitor);
  const sentAt = performance.now();
  const { email, password, cookie } = visitor;
  const answer = visitor.isOut
    ? await wire("POST", "/api/auth/login", { json: { email, password }, address: nextAddress() })
    : await wire("POST", "/api/auth/refresh", { cookie });
  const wasCutOff = isCutOff(visitor);
  if (answer.status === 200) {
    if (visitor.isOut) visitor.lostToken = visitor.token;
    visitor.cookie = answer.cookie ?? visitor.cookie;
    visitor.token = answer.json.accessToken;
    visitor.unsureSince = undefined;
    visitor.isOut = false;
  } else if (unsure || !answer.isThrottled) {
    visitor.unsureSince ??= sentAt;
    visitor.isOut ||= answer.code === "session-ended";
    crowd.owed.push(visitor);
  }
  // Whoever was sent away goes on with the access token: with fewer and fewer visitors, each would have more tasks.
  crowd.visitors.push(visitor);
  return { ...answer, isCutOff: wasCutOff };
};

const register: Visit = async ({ wire, crowd }) => {
  const json = { email: newEmail(), password: goodPassword(), name: "Ada Lovelace" };
  const answer = await wire("POST", "/api/auth/register", { json, address: nextAddress() });
  if (answer.status === 202) crowd.ledger.registered.push(json.email);
  return answer;
};

const forgot: Visit = async ({ wire, crowd }) => {
  const { forgotten } = crowd.ledger;
  // In turn: a mailbox has a small budget.
  const email = crowd.mailboxes.shift() ?? newEmail();
  crowd.mailboxes.push(email);
  const address = nextAddress();
  const answer = await wire("POST", "/api/auth/forgot-password", { json: { email }, address });
  if (answer.status === 202) forgotten.set(email, (forgotten.get(email) ?? 0) + 1);
  return answer;
};

const listTasks: Visit = ({ wire }, { token }) => wire("GET", "/api/tasks", { token });
const getMe: Visit = ({ wire }, { token }) => wire("GET", "/api/auth/me", { token });

/** Of a thousand visits. */
const shares: [string, number, Visit][] = [
  ["list", 350, listTasks],
  ["me", 205, getMe],
  ["create", 150, createTask],
  ["change", 150, changeTask],
  ["delete", 20, deleteTask],
  ["refresh", 60, refresh],
  ["login", 25, login],
  ["logout", 15, logout],
  ["register", 15, register],
  ["forgot", 10, forgot],
];

/** What the next visitor does. */
export function nextVisit({ between }: Random): { name: string; visit: Visit } {
  let place = between(0, 999);
  for (const [name, share, visit] of shares) {
    if (place < share) return { name, visit };
    place -= share;
  }
  return { name: "list", visit: listTasks };
}
