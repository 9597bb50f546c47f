import type { CallExpression, Node } from "oxc-parser";
import { type Edit, exactlyOne, removeItem, replaceSpan } from "./edit.js";
import { calleeOf, descendantsOf, mentions, nodeAt, type Path } from "./syntax-tree.js";

type Call = { in: Path; call: string };

/** Replaces a call by other code, or by one of its arguments. */
export const replaceCall =
  ({ by, ...wanted }: Call & { by: string | { argument: number } }): Edit =>
  (source) => {
    const call = findCall(source, wanted);
    if (typeof by === "string") return replaceSpan(source, call, by);
    const { start, end } = argumentOf(call, by.argument, wanted);
    return replaceSpan(source, call, source.slice(start, end));
  };

/** An argument by its position, or by a name that it mentions. */
type Argument = Call & { argument: number | string };

export const dropArgument =
  ({ argument, ...wanted }: Argument): Edit =>
  (source) =>
    removeItem(source, argumentOf(findCall(source, wanted), argument, wanted));

export const setArgument =
  ({ argument, to, ...wanted }: Argument & { to: string }): Edit =>
  (source) =>
    replaceSpan(source, argumentOf(findCall(source, wanted), argument, wanted), to);

function findCall(source: string, { in: path, call }: Call): CallExpression {
  const calls = descendantsOf(nodeAt(source, path)).flatMap((node) =>
    node.type === "CallExpression" && calleeOf(node) === call ? node : [],
  );
  return exactlyOne(calls, `a call of ${call} in ${path}`);
}

function argumentOf(call: CallExpression, wanted: number | string, { in: path, call: name }: Call): Node {
  const matches = call.arguments.filter((argument, index) =>
    typeof wanted === "number" ? index === wanted : mentions(argument, wanted),
  );
  return exactlyOne(matches, `argument ${wanted} of ${name} in ${path}`);
}
