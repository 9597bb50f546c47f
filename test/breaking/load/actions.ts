import { session } from "../../../lib/auth/limits.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import type { Random } from "../random.js";
import type { LoadClient, LoadResponse } from "./load-client.js";
import { changeTask, createTask, deleteTask } from "./task-actions.js";
import type { LoadState, VirtualUser } from "./virtual-users.js";

export type LoadContext = { client: LoadClient; state: LoadState; random: Random };
/** One request of one user. `undefined` when the request is impossible at the moment. */
export type Action = (context: LoadContext, user: VirtualUser) => Promise<LoadResponse> | undefined;

/** Callers of requests with a budget per address: enough of them that no budget runs out. */
export const addresses: string[] = Array.from({ length: 256 }, (_, index) => `127.1.${index}.1`);
let turn = 0;

function nextAddress(): string {
  turn += 1;
  return addresses[turn % addresses.length] ?? "127.1.0.1";
}

const signIn: Action = async ({ client, state }, { email, password }) => {
  const address = nextAddress();
  const response = await client.send("POST", "/api/auth/login", { json: { email, password }, address });
  if (response.status === 200 && response.cookie) state.cookies.push(response.cookie);
  return response;
};

const signOut: Action = ({ client, state }) => {
  const cookie = state.cookies.shift();
  if (cookie === undefined) return undefined;
  return client.send("POST", "/api/auth/logout", { cookie }).then((response) => {
    if (response.status === 204) state.confirmed.signedOut.push(cookie);
    return response;
  });
};

const remove = <Item>(list: Item[], item: Item): void => {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
};

/** Whether the user may have repeated a refresh after the grace window, which counts as token reuse. */
export const mayHaveLostSession = ({ uncertainSince }: VirtualUser): boolean =>
  uncertainSince !== undefined && performance.now() - uncertainSince > session.graceSeconds * 1_000;

/**
 * Refreshes the oldest token, with one refresh per user at a time, as browsers do. Users with an uncertain refresh
 * come first. Users without a session sign in instead.
 */
const refresh: Action = async ({ client, state }, anyUser) => {
  const [uncertainUser] = state.uncertainUsers;
  const user = uncertainUser ?? state.users[0] ?? anyUser;
  remove(state.uncertainUsers, user);
  remove(state.users, user);
  const sentAt = performance.now();
  const { email, password, cookie } = user;
  const response = user.isSignedOut
    ? await client.send("POST", "/api/auth/login", { json: { email, password }, address: nextAddress() })
    : await client.send("POST", "/api/auth/refresh", { cookie });
  const mayHaveLost = mayHaveLostSession(user);
  if (response.status === 200) {
    if (user.isSignedOut) user.endedToken = user.token;
    user.cookie = response.cookie ?? user.cookie;
    user.token = response.json.accessToken;
    user.uncertainSince = undefined;
    user.isSignedOut = false;
  } else if (uncertainUser || !response.isThrottled) {
    user.uncertainSince ??= sentAt;
    user.isSignedOut ||= response.code === "session-ended";
    state.uncertainUsers.push(user);
  }
  // Rejected users continue with their access token: with fewer users, each would have more tasks.
  state.users.push(user);
  return { ...response, mayHaveLostSession: mayHaveLost };
};

const signUp: Action = async ({ client, state }) => {
  const json = { email: newEmail(), password: goodPassword(), name: "Ada Lovelace" };
  const response = await client.send("POST", "/api/auth/register", { json, address: nextAddress() });
  if (response.status === 202) state.confirmed.signedUp.push(json.email);
  return response;
};

const requestReset: Action = async ({ client, state }) => {
  const { resetEmails } = state.confirmed;
  // In turn, because each mailbox has a small budget.
  const email = state.emails.shift() ?? newEmail();
  state.emails.push(email);
  const address = nextAddress();
  const response = await client.send("POST", "/api/auth/forgot-password", { json: { email }, address });
  if (response.status === 202) resetEmails.set(email, (resetEmails.get(email) ?? 0) + 1);
  return response;
};

const listTasks: Action = ({ client }, { token }) => client.send("GET", "/api/tasks", { token });
const getMe: Action = ({ client }, { token }) => client.send("GET", "/api/auth/me", { token });

/** Weights add up to 1,000. */
const actions: [name: string, weight: number, run: Action][] = [
  ["list", 350, listTasks],
  ["me", 205, getMe],
  ["create", 150, createTask],
  ["change", 150, changeTask],
  ["delete", 20, deleteTask],
  ["refresh", 60, refresh],
  ["login", 25, signIn],
  ["logout", 15, signOut],
  ["register", 15, signUp],
  ["forgot", 10, requestReset],
];

export function pickAction({ between }: Random): { name: string; run: Action } {
  let remaining = between(0, 999);
  for (const [name, weight, run] of actions) {
    if (remaining < weight) return { name, run };
    remaining -= weight;
  }
  return { name: "list", run: listTasks };
}
