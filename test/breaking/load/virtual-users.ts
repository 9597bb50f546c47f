import pLimit from "p-limit";
import { seedUser } from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";

/** A simulated user with an access token, a session and a few tasks. */
export type VirtualUser = {
  email: string;
  password: string;
  token: string;
  cookie: string;
  /** The time of the first refresh without a response: it may have taken effect. */
  uncertainSince?: number | undefined;
  /** The session has ended, so the user must sign in again. */
  isSignedOut?: boolean;
  /** The access token of the session that ended before the last sign-in. */
  endedToken?: string;
  /** Tasks without a pending request. */
  tasks: string[];
};

/** Every write that the API has confirmed, to be checked in the database afterwards. */
export type ConfirmedWrites = {
  created: Set<string>;
  /** The newest version in a response, by task. */
  versions: Map<string, number>;
  deleted: Set<string>;
  /** Tasks whose deletion got no response: they may exist or not. */
  maybeDeleted: Set<string>;
  signedUp: string[];
  /** Number of reset emails by address. */
  resetEmails: Map<string, number>;
  /** Cookies of ended sessions. */
  signedOut: string[];
};

export type LoadState = {
  /** In the order of their next refresh. */
  users: VirtualUser[];
  confirmed: ConfirmedWrites;
  /** Users whose last refresh is uncertain: they refresh again first. */
  uncertainUsers: VirtualUser[];
  /** Emails of all users, in the order of their next password reset. */
  emails: string[];
  /** Cookies of additional sessions, from the sign-ins under load. */
  cookies: string[];
};

export async function createLoadState(stack: Stack, size: number): Promise<LoadState> {
  const users = await pLimit(4).map(Array.from({ length: size }), async (): Promise<VirtualUser> => {
    const { email, password, token, client } = await seedUser(stack);
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return { email, password, token, cookie, tasks: [] };
  });
  const confirmed = {
    created: new Set<string>(),
    versions: new Map<string, number>(),
    deleted: new Set<string>(),
    maybeDeleted: new Set<string>(),
    signedUp: [],
    resetEmails: new Map<string, number>(),
    signedOut: [],
  };
  const emails = users.map(({ email }) => email);
  return { users, confirmed, uncertainUsers: [], emails, cookies: [] };
}
