import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Document } from "../../scripts/fuzz/document.js";

/** What the service below can do wrong; each breaks one promise of its document. */
export type Defect =
  | "fails"
  | "answers an undocumented status"
  | "answers another content type"
  | "answers another body"
  | "leaves out a header"
  | "answers a body where none is"
  | "takes any body"
  | "takes any query"
  | "refuses good input"
  | "asks nobody who they are"
  | "takes a token that is cut off"
  | "takes any role"
  | "answers other sites"
  | "keeps what is deleted"
  | "leads nowhere"
  | "serves other methods"
  | "does not say Allow"
  | "says a false Allow"
  | "finds unknown paths"
  | "answers HEAD otherwise"
  | "names the request twice"
  | "has no next page";

export const tokens = { user: "user-token-0123456789", admin: "admin-token-0123456789" };

const text = { type: "string", minLength: 1, maxLength: 20 };
const note = {
  type: "object",
  properties: { id: { type: "string", format: "uuid" }, title: text },
  required: ["id", "title"],
  additionalProperties: false,
};
const list = {
  type: "object",
  properties: { data: { type: "array", items: note }, nextCursor: { type: ["string", "null"] } },
  required: ["data", "nextCursor"],
};
const newNote = {
  type: "object",
  properties: { title: text },
  required: ["title"],
  additionalProperties: false,
};
const headers = { "X-Request-Id": { required: true, schema: { type: "string" } } };
const problem = (...codes: string[]) => ({
  headers,
  content: {
    "application/problem+json": {
      schema: {
        allOf: [
          { $ref: "#/components/schemas/Problem" },
          { type: "object", properties: { code: { type: "string", enum: codes } } },
        ],
      },
    },
  },
});
const answer = (schema: Record<string, unknown>) => ({
  headers,
  content: { "application/json": { schema } },
});
const refusals = {
  401: problem("unauthenticated"),
  403: problem("forbidden", "cross-site-request"),
  404: problem("not-found"),
  422: problem("invalid-request"),
};
const security = [{ token: [] }];
const parameters = [{ name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } }];
const query = [
  { name: "limit", in: "query", schema: { type: "string", pattern: "^\\d+$" } },
  { name: "cursor", in: "query", schema: { type: "string", enum: ["second"] } },
];

export const document: Document = {
  paths: {
    "/notes": {
      get: { security, parameters: query, responses: { 200: answer(list), ...refusals } },
      post: {
        security,
        requestBody: { required: true, content: { "application/json": { schema: newNote } } },
        responses: {
          201: {
            ...answer(note),
            headers: { ...headers, Location: { required: true, schema: { type: "string" } } },
          },
          400: problem("malformed-json"),
          415: problem("unsupported-media-type"),
          ...refusals,
        },
      },
    },
    "/notes/{id}": {
      get: { security, parameters, responses: { 200: answer(note), ...refusals } },
      delete: { security, parameters, responses: { 200: { headers }, ...refusals } },
    },
    "/notes/all": {
      get: { security: [{ token: ["admin"] }], responses: { 200: answer(list), ...refusals } },
    },
  },
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
    schemas: {
      Problem: {
        type: "object",
        properties: { code: { type: "string" }, requestId: { type: "string" } },
        required: ["code", "requestId"],
      },
    },
  },
};
type Reply = { status: number; body?: unknown; headers?: Record<string, string>; type?: string };
type Asked = { method: string; url: URL; headers: IncomingMessage["headers"]; body: string };

const refusal = (status: number, code: string, more: Record<string, string> = {}): Reply => ({
  status,
  body: { code },
  headers: more,
  type: "application/problem+json",
});

/** A service that keeps the document's promises, save for `defect`. */
export async function startService(defect?: Defect): Promise<{ origin: string; stop(): void }> {
  const notes = new Map<string, { id: string; title: string }>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url ?? "/", "http://localhost");
    const asked = { method: request.method ?? "", url, headers: request.headers, body };
    send(response, asked, serve(asked, notes, defect), defect);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${address.port}`, stop };
}

function send(response: ServerResponse, asked: Asked, reply: Reply, defect: Defect | undefined): void {
  const requestId = randomUUID();
  const isProblem = reply.type !== undefined;
  const named = defect === "names the request twice" ? randomUUID() : requestId;
  const body = isProblem ? { ...Object(reply.body), requestId: named } : reply.body;
  const type = reply.type ?? "application/json";
  const isWrongType = defect === "answers another content type" && !isProblem;
  response.writeHead(reply.status, {
    ...(body === undefined ? {} : { "content-type": isWrongType ? "text/plain" : type }),
    ...(defect === "leaves out a header" ? {} : { "x-request-id": requestId }),
    ...reply.headers,
  });
  const hasBody = body !== undefined && asked.method !== "HEAD";
  response.end(
    hasBody ? JSON.stringify(body) : defect === "answers a body where none is" ? "gone" : undefined,
  );
}

type Notes = Map<string, { id: string; title: string }>;

function serve(asked: Asked, notes: Notes, defect: Defect | undefined): Reply {
  const { url, headers: sent } = asked;
  const method = asked.method === "HEAD" ? "GET" : asked.method;
  const [, root, id, ...more] = url.pathname.split("/");
  const isKnown = root === "notes" && more.length === 0;
  if (!isKnown && defect !== "finds unknown paths") return refusal(404, "not-found");
  if (asked.method === "HEAD" && defect === "answers HEAD otherwise") return refusal(404, "not-found");
  const own = id === undefined ? ["GET", "POST"] : id === "all" ? ["GET"] : ["GET", "DELETE"];
  if (!own.includes(method) && defect !== "serves other methods") {
    const allow = defect === "says a false Allow" ? "PUT" : ["HEAD", ...own].join(", ");
    return refusal(405, "method-not-allowed", defect === "does not say Allow" ? {} : { allow });
  }
  const told = sent.authorization?.replace(/^Bearer /, "") ?? "";
  const isCutOff = defect === "takes a token that is cut off" && tokens.user.startsWith(told) && told !== "";
  const isSomebody = Object.values(tokens).includes(told) && sent.authorization?.startsWith("Bearer ");
  if (!isSomebody && !isCutOff && defect !== "asks nobody who they are")
    return refusal(401, "unauthenticated");
  if (sent.origin === "https://elsewhere.example" && defect !== "answers other sites") {
    return refusal(403, "cross-site-request");
  }
  if (id === "all" && told === tokens.user && defect !== "takes any role") return refusal(403, "forbidden");
  if (defect === "fails") return refusal(500, "internal");
  if (defect === "answers an undocumented status") return { status: 202, body: {} };
  if (id === undefined && method === "POST") return create(asked, notes, defect);
  return id === undefined || id === "all" ? page(url, notes, defect) : one(method, id, notes, defect);
}

function page({ searchParams }: URL, notes: Notes, defect: Defect | undefined): Reply {
  const limits = searchParams.getAll("limit");
  const cursors = searchParams.getAll("cursor");
  const isGood = limits.every((limit) => /^\d+$/.test(limit)) && limits.length < 2;
  const isKnownPage = cursors.every((cursor) => cursor === "second") && cursors.length < 2;
  if (!(isGood && isKnownPage) && defect !== "takes any query") return refusal(422, "invalid-request");
  if (cursors.length > 0 && defect === "has no next page") return refusal(404, "not-found");
  const data = [...notes.values()].slice(0, 2);
  if (defect === "answers another body")
    return { status: 200, body: { data: [{ id: 1 }], nextCursor: null } };
  return { status: 200, body: { data, nextCursor: cursors.length > 0 ? null : "second" } };
}

function create({ headers: sent, body }: Asked, notes: Notes, defect: Defect | undefined): Reply {
  const id = randomUUID();
  const where = { location: `/notes/${defect === "leads nowhere" ? randomUUID() : id}` };
  const type = sent["content-type"]?.split(";")[0]?.toLowerCase();
  const isLax = defect === "takes any body";
  if (type !== "application/json" && !isLax) return refusal(415, "unsupported-media-type");
  const value = parse(body);
  if (value === undefined && !isLax) return refusal(400, "malformed-json");
  const { title } = Object(value);
  const isTitle = typeof title === "string" && title !== "" && [...title].length <= 20;
  const isGood = isTitle && Object.keys(Object(value)).length === 1;
  if (!isGood && !isLax) return refusal(422, "invalid-request");
  if (isTitle && [...title].length === 20 && defect === "refuses good input")
    return refusal(422, "invalid-request");
  const kept = { id, title: isTitle ? title : "?" };
  notes.set(id, kept);
  return { status: 201, body: kept, headers: where };
}

function one(method: string, id: string, notes: Notes, defect: Defect | undefined): Reply {
  const found = notes.get(id);
  if (!found) return refusal(404, "not-found");
  if (method !== "DELETE") return { status: 200, body: found };
  if (defect !== "keeps what is deleted") notes.delete(id);
  return { status: 200 };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
