import type { ValidateFunction } from "ajv/dist/2020.js";
import type { Received } from "./caller.js";
import type { Api, DocumentedAnswer, Operation } from "./document.js";

export type Flaw = { check: string; why: string };

const problemType = "application/problem+json";
const why = (validate: ValidateFunction) =>
  (validate.errors ?? [])
    .slice(0, 4)
    .map(({ instancePath, message }) => `${instancePath} ${message}`)
    .join("; ");

/** What an answer of an operation has that its document does not promise, or lacks of what it does. */
export function flawsOf(op: Operation, { status, headers, text }: Received): Flaw[] {
  if (status >= 500) return [{ check: "server error", why: `${status}: ${text.slice(0, 300)}` }];
  const documented = op.answers[status];
  if (!documented) return [{ check: "status not documented", why: `${status}: ${text.slice(0, 300)}` }];
  return [
    ...headerFlaws(status, headers, documented),
    ...bodyFlaws(status, { headers, text }, documented),
    ...problemFlaws(headers, text),
  ];
}

function headerFlaws(status: number, headers: Headers, documented: DocumentedAnswer): Flaw[] {
  return Object.entries(documented.headers).flatMap(([name, { required, validate }]) => {
    const value = headers.get(name);
    if (value === null)
      return required ? [{ check: `header ${name} missing`, why: `${status} without ${name}` }] : [];
    return validate(value) ? [] : [{ check: `header ${name}`, why: `${status}: ${name} ${why(validate)}` }];
  });
}

function bodyFlaws(
  status: number,
  { headers, text }: Pick<Received, "headers" | "text">,
  { content }: DocumentedAnswer,
): Flaw[] {
  const types = Object.keys(content);
  if (types.length === 0)
    return text === "" ? [] : [{ check: "body not documented", why: `${status}: ${text.slice(0, 300)}` }];
  const type = headers.get("content-type")?.split(";")[0] ?? "none";
  const validate = content[type];
  if (!validate) return [{ check: "content type", why: `${status} as ${type}, not ${types}` }];
  const body = parse(text);
  if (body === undefined) return [{ check: "body", why: `${status}: no JSON: ${text.slice(0, 300)}` }];
  return validate(body) ? [] : [{ check: "body", why: `${status}: ${why(validate)}: ${text.slice(0, 300)}` }];
}

/** Of an answer that belongs to no operation: the general problem, if there is one. */
export function generalProblemFlaws({ status, headers, text }: Received, api: Api): Flaw[] {
  const type = headers.get("content-type")?.split(";")[0] ?? "none";
  if (type !== problemType) return [{ check: "content type", why: `${status} as ${type}` }];
  if (api.problem && !api.problem(parse(text)))
    return [{ check: "body", why: `${status}: ${why(api.problem)}` }];
  return problemFlaws(headers, text);
}

/** A problem is known by one id, in the body as in the header. */
function problemFlaws(headers: Headers, text: string): Flaw[] {
  if (!headers.get("content-type")?.startsWith(problemType)) return [];
  const id = headers.get("x-request-id");
  const body = parse(text) as { requestId?: unknown } | undefined;
  if (id === null || body?.requestId === id) return [];
  return [{ check: "request id", why: `the header says ${id}, the body ${body?.requestId}` }];
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
