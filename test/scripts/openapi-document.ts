import type { Operation } from "../../lib/contract.js";
import { buildDocument, formatDocument } from "../../scripts/openapi/document.js";

export type Json = { [key: string]: Json } & Json[] & string;
type Located = { pointer: string; value: Json };

export const document = JSON.parse(formatDocument(buildDocument())) as Json;
const escaped = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");

export function resolve(pointer: string): Json | undefined {
  const keys = pointer
    .slice(2)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return keys.reduce<Json | undefined>((node, key) => node?.[key], document);
}

export function* nodes(value: Json, pointer = "#"): Generator<Located> {
  if (typeof value !== "object" || value === null) return;
  yield { pointer, value };
  for (const [key, member] of Object.entries(value))
    yield* nodes(member as Json, `${pointer}/${escaped(key)}`);
}

export const follow = (node: Json | undefined): Json =>
  node?.["$ref"] ? follow(resolve(node["$ref"])) : (node as Json);
export const operationOf = (op: Operation) => follow(document["paths"]?.[op.path]?.[op.method]);
export const answerOf = (op: Operation, status: number | string) =>
  follow(operationOf(op)["responses"]?.[status]);
export const statusesOf = (op: Operation) => Object.keys(operationOf(op)["responses"] ?? {}).map(Number);

export const mediaTypes = [...nodes(document)].filter(({ pointer }) => /\/content\/[^/]+$/.test(pointer));
