import { randomBytes } from "node:crypto";
import { nextAddress } from "../client/addresses.js";
import { Connection, type HttpResponse } from "../client/connection.js";
import type { Row } from "./rows.js";

type RequestSpec = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  json?: unknown;
  headers?: Record<string, string>;
  /** The status that the response must have. */
  status: number;
};

/** A caller, with the values that earlier responses returned. */
export type Person = {
  email: string;
  name: string;
  password: string;
  connection: Connection;
  state: {
    /** Access token, or session token of better-auth. */
    token: string;
    /** Refresh token, or the cookie that carries it. */
    refresh: string;
    /** Token of the newest emailed link. */
    link: string;
    taskId: string;
    /** Latchkey: the secret of the browser that signed up. */
    registration: string;
    userId: string;
    requestCount: number;
  };
};

export type Operation = {
  request(person: Person): RequestSpec;
  /** Keeps the values that later requests of this person need. */
  store?(person: Person, response: HttpResponse): void;
};

/** A subject's operation for each row that it supports. */
export type Api = Partial<Record<Row, Operation>>;

export const bearer = ({ state }: Person) => ({ authorization: `Bearer ${state.token}` });

export function newPerson(port: number): Person {
  const unique = randomBytes(6).toString("hex");
  return {
    email: `person-${unique}@example.com`,
    name: "Ada Lovelace",
    password: `correct horse ${unique}`,
    connection: new Connection(port, nextAddress()),
    state: { token: "", refresh: "", link: "", registration: "", taskId: "", userId: "", requestCount: 0 },
  };
}

/** A platform's proxy would set X-Forwarded-For. Without one, each caller sets its own address. */
function toBytes(spec: RequestSpec, person: Person): Buffer {
  const body = spec.json === undefined ? "" : JSON.stringify(spec.json);
  const head = [
    `${spec.method} ${spec.path} HTTP/1.1`,
    "Host: localhost",
    `X-Forwarded-For: ${person.connection.address}`,
    ...(body ? ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`] : []),
    ...(spec.method === "POST" && !body ? ["Content-Length: 0"] : []),
    ...Object.entries(spec.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Sends one request. @throws Error when the response has another status than expected */
export async function perform(
  operation: Operation,
  person: Person,
): Promise<{ ms: number; response: HttpResponse }> {
  const spec = operation.request(person);
  const bytes = toBytes(spec, person);
  await person.connection.open();
  const start = performance.now();
  const response = await person.connection.send(bytes);
  const ms = performance.now() - start;
  if (response.status !== spec.status) {
    throw new Error(
      `${spec.method} ${spec.path}: ${response.status} instead of ${spec.status}: ${response.text}`,
    );
  }
  person.state.requestCount += 1;
  operation.store?.(person, response);
  return { ms, response };
}
