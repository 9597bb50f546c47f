import { type CallExpression, type Node, parseSync, visitorKeys } from "oxc-parser";
import { exactlyOne } from "./edit.js";

/**
 * The part of a TypeScript file to change: the name of a declaration at the top level, then names of declarations or
 * properties inside it, such as `createCookie.clear`. A handler has the name of its operation.
 */
export type Path = string;

/** The function, the initial value or the property value at a path. */
export function nodeAt(source: string, path: Path): Node {
  const { program, errors } = parseSync("source.ts", source);
  if (errors.length > 0) throw new Error(`not TypeScript: ${errors[0]?.message}`);
  const [first, ...rest] = path.split(".");
  const topLevel = program.body.flatMap((statement): Node[] => {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type === "VariableDeclaration") return declaration.declarations;
    if (declaration?.type === "ExpressionStatement") return [declaration.expression];
    return declaration ? [declaration] : [];
  });
  const start = exactlyOne(valuesNamed(topLevel, first), `${first} at the top level, for ${path}`);
  return rest.reduce(
    (node, name) => exactlyOne(valuesNamed(descendantsOf(node), name), `${name} of ${path}`),
    start,
  );
}

const valuesNamed = (nodes: readonly Node[], name: string | undefined): Node[] =>
  nodes.flatMap((node) => (nameOf(node) === name ? declaredValue(node) : []));

function nameOf(node: Node): unknown {
  if (isHandler(node)) return node.arguments[1] && keyOf(node.arguments[1]);
  if (node.type === "FunctionDeclaration") return node.id?.name;
  if (node.type === "VariableDeclarator" && node.id.type === "Identifier") return node.id.name;
  return node.type === "Property" && node.value.type !== "AssignmentPattern" ? keyOf(node.key) : undefined;
}

/** `handle(app, operation, handler)`. */
const isHandler = (node: Node): node is CallExpression =>
  node.type === "CallExpression" && calleeOf(node) === "handle";

function declaredValue(node: Node): Node {
  if (isHandler(node)) return node.arguments[2] ?? node;
  if (node.type === "VariableDeclarator") return node.init ?? node;
  return node.type === "Property" ? node.value : node;
}

export function keyOf(key: Node): unknown {
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" ? key.value : undefined;
}

/** A node and all nodes inside it, in the order of the source. */
export const descendantsOf = (node: Node): Node[] => [node, ...childrenOf(node).flatMap(descendantsOf)];

function childrenOf(node: Node): Node[] {
  const values = (visitorKeys[node.type] ?? []).map((key): unknown => Reflect.get(node, key));
  return values.flat().filter(isNode);
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Whether an identifier, a property name or a literal inside the node is `term`. */
export const mentions = (node: Node, term: string | number): boolean =>
  descendantsOf(node).some((inner) => keyOf(inner) === term);

/** The name of the called function or method. */
export function calleeOf(node: Node): string | undefined {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return undefined;
  const { callee } = node;
  if (callee.type === "Identifier") return callee.name;
  return callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier"
    ? callee.property.name
    : undefined;
}
