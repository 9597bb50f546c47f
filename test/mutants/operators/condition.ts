import type { Node } from "oxc-parser";
import { type Edit, exactlyOne, innermost, replaceSpan } from "./edit.js";
import { calleeOf, descendantsOf, keyOf, mentions, nodeAt, type Path } from "./syntax-tree.js";

/** `to`: a constant, or code. */
type Condition = { in: Path; mentions: string | number; to: boolean | string };

/** Replaces the smallest condition that mentions a name or a literal: a test, or an operand of `&&` or `||`. */
export const setCondition =
  ({ in: path, mentions: term, to }: Condition): Edit =>
  (source) => {
    const conditions = descendantsOf(nodeAt(source, path)).flatMap(conditionsOf);
    const matches = innermost(conditions.filter((condition) => mentions(condition, term)));
    return replaceSpan(source, exactlyOne(matches, `a condition in ${path} that mentions ${term}`), `${to}`);
  };

function conditionsOf(node: Node): Node[] {
  if (node.type === "IfStatement" || node.type === "ConditionalExpression") return [node.test];
  return node.type === "LogicalExpression" && node.operator !== "??" ? [node.left, node.right] : [];
}

type Check = { in: Path; throws: string };

/** Skips the `if` statement that throws an error with this code, or of this class. */
export const dropCheck =
  ({ in: path, throws }: Check): Edit =>
  (source) => {
    const checks = descendantsOf(nodeAt(source, path)).flatMap((node) =>
      node.type === "IfStatement" && throwsError(node.consequent, throws) ? node.test : [],
    );
    return replaceSpan(source, exactlyOne(checks, `an if in ${path} that throws ${throws}`), "false");
  };

function throwsError(consequent: Node, name: string): boolean {
  const statement = consequent.type === "BlockStatement" ? consequent.body.at(-1) : consequent;
  if (statement?.type !== "ThrowStatement") return false;
  const { argument } = statement;
  if (argument.type !== "NewExpression" && argument.type !== "CallExpression") return false;
  const [code] = argument.arguments;
  return calleeOf(argument) === name || (code !== undefined && keyOf(code) === name);
}
