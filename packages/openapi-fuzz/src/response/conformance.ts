import { type DocumentedResponse, type Operation, responseOf } from "../document/operation.js";
import { describeErrors } from "../document/validators.js";
import type { HttpResponse } from "../run/connection.js";
import type { Flaw } from "./checks.js";
import { coversType, essenceOf, isJson, parseJson } from "./media-type.js";

export const excerpt = (text: string): string => text.slice(0, 300);

/** Where a response breaks the promises of the document. */
export function conformanceFlaws(op: Operation, response: HttpResponse): Flaw[] {
  const { status, text } = response;
  if (status >= 500) return [{ check: "server-error", why: `${status}: ${excerpt(text)}` }];
  const documented = responseOf(op, status);
  if (!documented) return [{ check: "undocumented-status", why: `${status}: ${excerpt(text)}` }];
  return [...headerFlaws(response, documented), ...bodyFlaws(response, documented)];
}

function headerFlaws({ status, headers }: HttpResponse, documented: DocumentedResponse): Flaw[] {
  return Object.entries(documented.headers).flatMap(([name, { required, validate }]): Flaw[] => {
    const value = headers.get(name);
    if (value === null) {
      return required ? [{ check: "missing-header", detail: name, why: `${status} without ${name}` }] : [];
    }
    // A number in a header is text: try both.
    if (!validate || validate(value) || validate(parseJson(value))) return [];
    validate(value);
    return [{ check: "invalid-header", detail: name, why: `${status}: ${name} ${describeErrors(validate)}` }];
  });
}

function bodyFlaws({ status, headers, text }: HttpResponse, { content }: DocumentedResponse): Flaw[] {
  const documented = Object.entries(content);
  if (documented.length === 0) {
    return text === "" ? [] : [{ check: "undocumented-body", why: `${status}: ${excerpt(text)}` }];
  }
  const type = essenceOf(headers.get("content-type") ?? "");
  const match = documented.find(([mediaType]) => coversType(mediaType, type));
  if (!match) {
    const types = documented.map(([mediaType]) => mediaType).join(", ");
    return [{ check: "content-type", why: `${status} as ${type || "no type"}, not ${types}` }];
  }
  if (!isJson(type)) return [];
  const [, shape] = match;
  const body = parseJson(text);
  if (body === undefined) return [{ check: "invalid-body", why: `${status}, not JSON: ${excerpt(text)}` }];
  if (!shape || shape.validate(body)) return [];
  return [{ check: "invalid-body", why: `${status}: ${describeErrors(shape.validate)}: ${excerpt(text)}` }];
}
