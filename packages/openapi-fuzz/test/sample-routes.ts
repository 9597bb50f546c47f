import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Ways in which the sample service can break the promises of its document. */
export type Defect =
  | "responds with 500"
  | "responds with an undocumented status"
  | "responds with another content type"
  | "responds with another body"
  | "omits a documented header"
  | "sends an undocumented body"
  | "accepts any body"
  | "accepts any query"
  | "refuses the longest title"
  | "does not authenticate"
  | "accepts a truncated token"
  | "ignores roles"
  | "serves other sites"
  | "keeps deleted notes"
  | "sends a wrong Location"
  | "serves undocumented methods"
  | "omits Allow"
  | "sends a wrong Allow"
  | "finds unknown paths"
  | "refuses HEAD"
  | "sends two request ids"
  | "loses the next page"
  | "drops the connection";

export const tokens = { user: "user-token-0123456789", admin: "admin-token-0123456789" };

export type Reply = { status: number; body?: unknown; headers?: Record<string, string>; type?: string };
export type ReceivedRequest = { method: string; url: URL; headers: IncomingHttpHeaders; body: string };
type Notes = Map<string, { id: string; title: string }>;

const refusal = (status: number, code: string, headers: Record<string, string> = {}): Reply => ({
  status,
  body: { code },
  headers,
  type: "application/problem+json",
});
const invalid = refusal(422, "invalid-request");
const notFound = refusal(404, "not-found");

/** Routes a request, and keeps every promise of the document except the one that `defect` breaks. */
export function route(request: ReceivedRequest, notes: Notes, defect: Defect | undefined): Reply {
  const { url } = request;
  const method = request.method === "HEAD" ? "GET" : request.method;
  const [, root, id, ...rest] = url.pathname.split("/");
  const isKnownPath = root === "notes" && rest.length === 0;
  if (!isKnownPath && defect !== "finds unknown paths") return notFound;
  if (request.method === "HEAD" && defect === "refuses HEAD") return notFound;
  const allowed = id === undefined ? ["GET", "POST"] : id === "all" ? ["GET"] : ["GET", "DELETE"];
  if (!allowed.includes(method) && defect !== "serves undocumented methods") {
    return methodRefusal(allowed, defect);
  }
  const refused = authorize(request, id, defect);
  if (refused) return refused;
  if (defect === "responds with 500") return refusal(500, "internal");
  if (defect === "responds with an undocumented status") return { status: 202, body: {} };
  if (id === undefined && method === "POST") return create(request, notes, defect);
  if (id === undefined || id === "all") return list(url, notes, defect);
  return readOrDelete(method, id, notes, defect);
}

function methodRefusal(allowed: string[], defect: Defect | undefined): Reply {
  const allow = defect === "sends a wrong Allow" ? "PUT" : ["HEAD", ...allowed].join(", ");
  return refusal(405, "method-not-allowed", defect === "omits Allow" ? {} : { allow });
}

function authorize(
  { headers }: ReceivedRequest,
  id: string | undefined,
  defect: Defect | undefined,
): Reply | undefined {
  const token = headers.authorization?.replace(/^Bearer /, "") ?? "";
  const isKnown = headers.authorization?.startsWith("Bearer ") && Object.values(tokens).includes(token);
  const isTruncated = token !== "" && tokens.user.startsWith(token);
  const isAccepted = isKnown || (isTruncated && defect === "accepts a truncated token");
  if (!isAccepted && defect !== "does not authenticate") return refusal(401, "unauthenticated");
  if (headers.origin === "https://elsewhere.example" && defect !== "serves other sites") {
    return refusal(403, "cross-site-request");
  }
  const lacksRole = id === "all" && token === tokens.user && defect !== "ignores roles";
  return lacksRole ? refusal(403, "forbidden") : undefined;
}

function list({ searchParams }: URL, notes: Notes, defect: Defect | undefined): Reply {
  const limits = searchParams.getAll("limit");
  const cursors = searchParams.getAll("cursor");
  const areLimitsValid =
    limits.length < 2 && limits.every((limit) => /^\d{1,3}$/.test(limit) && +limit >= 1 && +limit <= 100);
  const areCursorsValid = cursors.length < 2 && cursors.every((cursor) => cursor === "second");
  if (!(areLimitsValid && areCursorsValid) && defect !== "accepts any query") return invalid;
  if (cursors.length > 0 && defect === "loses the next page") return notFound;
  if (defect === "responds with another body") {
    return { status: 200, body: { data: [{ id: 1 }], nextCursor: null } };
  }
  const data = [...notes.values()].slice(0, 2);
  return { status: 200, body: { data, nextCursor: cursors.length > 0 ? null : "second" } };
}

function create({ headers, body }: ReceivedRequest, notes: Notes, defect: Defect | undefined): Reply {
  const id = randomUUID();
  const location = `/notes/${defect === "sends a wrong Location" ? randomUUID() : id}`;
  const type = headers["content-type"]?.split(";")[0]?.toLowerCase();
  const isLax = defect === "accepts any body";
  if (type !== "application/json" && !isLax) return refusal(415, "unsupported-media-type");
  const value = parse(body);
  if (value === undefined && !isLax) return refusal(400, "malformed-json");
  const { title } = Object(value);
  const isText = typeof title === "string";
  const length = isText ? [...title].length : 0;
  const isValid = length >= 1 && length <= 20 && Object.keys(Object(value)).length === 1;
  if (!isValid && !isLax) return invalid;
  if (length === 20 && defect === "refuses the longest title") return invalid;
  const note = { id, title: isText && length >= 1 && length <= 20 ? title : "?" };
  notes.set(id, note);
  return { status: 201, body: note, headers: { location } };
}

function readOrDelete(method: string, id: string, notes: Notes, defect: Defect | undefined): Reply {
  const note = notes.get(id);
  if (!note) return notFound;
  if (method !== "DELETE") return { status: 200, body: note };
  if (defect !== "keeps deleted notes") notes.delete(id);
  return { status: 200 };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
