import type { Operation } from "../../lib/contract.js";
import { buildDocument, formatDocument } from "../../scripts/openapi/document.js";

/** Any part of the document. It may be indexed in every way that some part can be. */
export type Json = { [key: string]: Json } & Json[] & string;
type LocatedNode = { pointer: string; value: Json };

export const document = JSON.parse(formatDocument(buildDocument())) as Json;
const escapeKey = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** The part at a JSON pointer (RFC 6901) such as `#/components/schemas/Task`. */
export function nodeAt(pointer: string): Json | undefined {
  const keys = pointer
    .slice(2)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return keys.reduce<Json | undefined>((node, key) => node?.[key], document);
}

/** Every object and array below a value, with its pointer. */
export function* nodes(value: Json, pointer = "#"): Generator<LocatedNode> {
  if (typeof value !== "object" || value === null) return;
  yield { pointer, value };
  for (const [key, member] of Object.entries(value))
    yield* nodes(member as Json, `${pointer}/${escapeKey(key)}`);
}

/** The node itself, or the one that its `$ref` points to. */
export const dereference = (node: Json | undefined): Json =>
  node?.["$ref"] ? dereference(nodeAt(node["$ref"])) : (node as Json);

export const operationOf = (op: Operation) => dereference(document["paths"]?.[op.path]?.[op.method]);

export const responseOf = (op: Operation, status: number | string) =>
  dereference(operationOf(op)["responses"]?.[status]);

/** The statuses of an operation's own responses. `4XX` and `default` describe those of the platform. */
export const statusesOf = (op: Operation) =>
  Object.keys(operationOf(op)["responses"] ?? {})
    .filter((status) => /^\d+$/.test(status))
    .map(Number);

export const mediaTypes = [...nodes(document)].filter(({ pointer }) => /\/content\/[^/]+$/.test(pointer));
