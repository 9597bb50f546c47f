import pLimit from "p-limit";
import { plant } from "../../stack/planted.js";
import type { Stack } from "../../stack/stack.js";

/** Somebody with an access token, a session and a few tasks. */
export type Visitor = {
  email: string;
  password: string;
  token: string;
  cookie: string;
  /** When the refresh was sent of which it is not known whether it was done. */
  unsureSince?: number | undefined;
  /** The session has ended: only a login helps. */
  isOut?: boolean;
  /** The access token of the session that had ended before the last login. */
  lostToken?: string;
  /** Those that nothing is being done to. */
  tasks: string[];
};

/** Everything that was answered as done, to be looked for afterwards. */
export type Ledger = {
  created: Set<string>;
  /** The newest version that was answered. */
  versions: Map<string, number>;
  deleted: Set<string>;
  /** Deletions without an answer: either will do. */
  unsure: Set<string>;
  registered: string[];
  /** Number of mails by address. */
  forgotten: Map<string, number>;
  /** Cookies of sessions. */
  loggedOut: string[];
};

export type Crowd = {
  visitors: Visitor[];
  ledger: Ledger;
  /** Whose refresh may have been done without their knowing its answer: they come first. */
  owed: Visitor[];
  /** Of all visitors, whose turn it is first. */
  mailboxes: string[];
  /** Of logins besides the visitors' own sessions. */
  cookies: string[];
};

export async function gatherCrowd(stack: Stack, size: number): Promise<Crowd> {
  const visitors = await pLimit(4).map(Array.from({ length: size }), async (): Promise<Visitor> => {
    const { email, password, token, client } = await plant(stack);
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return { email, password, token, cookie, tasks: [] };
  });
  const ledger = {
    created: new Set<string>(),
    versions: new Map<string, number>(),
    deleted: new Set<string>(),
    unsure: new Set<string>(),
    registered: [],
    forgotten: new Map<string, number>(),
    loggedOut: [],
  };
  const mailboxes = visitors.map(({ email }) => email);
  return { visitors, ledger, owed: [], mailboxes, cookies: [] };
}
