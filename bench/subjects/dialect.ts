import { randomBytes } from "node:crypto";
import { nextAddress } from "../client/addresses.js";
import { type Answer, Connection } from "../client/connection.js";

/** The rows of the tables, in the order in which a round measures them. */
export const rows = {
  register: "register",
  resend: "resend verification",
  verify: "verify",
  login: "login",
  refresh: "refresh",
  me: "me",
  guardedMe: "me, guarded route",
  list: "task list (20)",
  create: "task create",
  read: "task read",
  change: "task change",
  remove: "task delete",
  users: "admin: list users",
  user: "admin: read user",
  ban: "admin: change user",
  health: "health",
  ready: "ready",
  jwks: "jwks",
  logout: "logout",
  forgot: "forgot",
  reset: "reset",
} as const;
export type Row = keyof typeof rows;
export const rowNames = Object.keys(rows) as Row[];

/** Whom a row acts for: `each` a new person a sample, `reader` the one with 20 tasks, `admin` an operator. */
export const actors: Record<Row, "each" | "reader" | "admin"> = {
  ...(Object.fromEntries(rowNames.map((row) => [row, "each"])) as Record<Row, "each">),
  me: "reader",
  guardedMe: "reader",
  list: "reader",
  users: "admin",
  user: "admin",
  ban: "admin",
  health: "reader",
  ready: "reader",
  jwks: "reader",
};

const reads: readonly Row[] = ["me", "guardedMe", "list", "read", "users", "user", "health", "ready", "jwks"];
const writes: readonly Row[] = ["create", "change", "ban", "refresh", "login"];

/** Rows that can be repeated at will. What writes leave to the database to clean up goes on for a while. */
export const repeatable: readonly Row[] = [...reads, ...writes];

/** A way through all the other rows, each of which a person can go through once. */
export const journey: readonly Row[] = [
  "register",
  "resend",
  "verify",
  "login",
  "create",
  "remove",
  "logout",
  "forgot",
  "reset",
];

type Call = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  json?: unknown;
  headers?: Record<string, string>;
  /** What it must be answered. */
  status: number;
};

/** Somebody who calls, and what the answers have given them. */
export type Person = {
  email: string;
  name: string;
  password: string;
  connection: Connection;
  /** Access token, refresh token (or cookie), link of a mail, ids of a task and a user; and how often they acted. */
  kept: { token: string; refresh: string; link: string; task: string; user: string; turns: number };
};

export type Step = { call(person: Person): Call; learn?(person: Person, answer: Answer): void };

/** How a subject is spoken to. */
export type Dialect = Partial<Record<Row, Step>>;

export const bearer = ({ kept }: Person) => ({ authorization: `Bearer ${kept.token}` });

export function newPerson(port: number): Person {
  const unique = randomBytes(6).toString("hex");
  return {
    email: `person-${unique}@example.com`,
    name: "Ada Lovelace",
    password: `correct horse ${unique}`,
    connection: new Connection(port, nextAddress()),
    kept: { token: "", refresh: "", link: "", task: "", user: "", turns: 0 },
  };
}

/** The bytes of a call. The proxies of a platform say who calls; here everybody says so themselves. */
function toBytes(call: Call, person: Person): Buffer {
  const body = call.json === undefined ? "" : JSON.stringify(call.json);
  const head = [
    `${call.method} ${call.path} HTTP/1.1`,
    "Host: localhost",
    `X-Forwarded-For: ${person.connection.address}`,
    ...(body ? ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`] : []),
    ...(call.method === "POST" && !body ? ["Content-Length: 0"] : []),
    ...Object.entries(call.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Sends the call. @throws Error when it is not answered as it must be */
export async function act(step: Step, person: Person): Promise<{ ms: number; answer: Answer }> {
  const call = step.call(person);
  const bytes = toBytes(call, person);
  await person.connection.open();
  const from = performance.now();
  const answer = await person.connection.send(bytes);
  const ms = performance.now() - from;
  if (answer.status !== call.status) {
    throw new Error(
      `${call.method} ${call.path}: ${answer.status} instead of ${call.status}: ${answer.text}`,
    );
  }
  person.kept.turns += 1;
  step.learn?.(person, answer);
  return { ms, answer };
}
