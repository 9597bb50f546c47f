import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { routes } from "../../lib/routes.js";
import type { ApiResponse } from "./client.js";
import { documentJson } from "./document.js";

type Schema = Record<string, unknown>;
type DocumentedResponse = { content?: Record<string, { schema: Schema }>; $ref?: string };
type Document = {
  paths: Record<string, Record<string, { responses: Record<string, DocumentedResponse> }>>;
  components: { responses?: Record<string, DocumentedResponse> };
};

const document: Document = JSON.parse(documentJson);
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { rrule: true } });
formats.default(ajv);
ajv.addSchema(document, "openapi");
const validators = new Map<string, ValidateFunction>();

const escapePointer = (part: string) => part.replaceAll("~", "~0").replaceAll("/", "~1");

/**
 * Throws unless the document has this status, media type and body for the operation. Requests that match no
 * operation (404, 405) pass: the document describes those problems in prose only.
 */
export function expectDocumented(method: string, path: string, response: ApiResponse): void {
  const pathname = path.split("?")[0] ?? "";
  const isOperation = (op: (typeof routes)[number]) =>
    op.method === (method === "HEAD" ? "get" : method.toLowerCase()) &&
    new RegExp(`^${op.path.replace(/\{\w+\}/g, "[^/]+")}/?$`).test(pathname);
  // A path without parameters takes precedence over a template, as in routing.
  const literal = routes.filter((op) => op.path === pathname);
  const op = (literal.length > 0 ? literal : routes).find(isOperation);
  if (!op) return;
  const where = `${method} ${op.path} ${response.status}`;
  const stated = document.paths[op.path]?.[op.method]?.responses[response.status];
  if (!stated) throw new Error(`${where} is not documented: ${response.text}`);
  const shared = stated.$ref?.split("/").at(-1);
  const documented = shared ? document.components.responses?.[shared] : stated;
  if (!documented) throw new Error(`${where} is documented by ${stated.$ref}, which does not exist`);
  if (method === "HEAD" || (!response.text && !documented.content)) return;

  const mediaType = response.headers.get("content-type")?.split(";")[0] ?? "no media type";
  const content = documented.content?.[mediaType];
  if (!content) throw new Error(`${where} is not documented as ${mediaType}: ${response.text}`);
  const home = shared
    ? ["components", "responses", shared]
    : ["paths", op.path, op.method, "responses", String(response.status)];
  const steps = [...home, "content", mediaType, "schema"];
  const reference = `openapi#/${steps.map(escapePointer).map(encodeURIComponent).join("/")}`;
  const validate = validators.get(reference) ?? ajv.compile({ $ref: reference });
  validators.set(reference, validate);
  if (!validate(response.json ?? response.text)) {
    throw new Error(
      `${where} differs from the document: ${ajv.errorsText(validate.errors)}\n${response.text}`,
    );
  }
}
