import { type Edit, exactlyOne, removeItem, replaceSpan } from "./edit.js";
import { descendantsOf, keyOf, nodeAt, type Path } from "./syntax-tree.js";

/** Replaces the value of a constant or of a property. */
export const setValue =
  ({ of: path, to }: { of: Path; to: string }): Edit =>
  (source) =>
    replaceSpan(source, nodeAt(source, path), to);

/** Removes a property from an object literal. */
export const dropProperty =
  ({ in: path, property }: { in: Path; property: string }): Edit =>
  (source) => {
    const properties = descendantsOf(nodeAt(source, path))
      .flatMap((node) => (node.type === "ObjectExpression" ? node.properties : []))
      .filter((node) => node.type === "Property" && keyOf(node.key) === property);
    return removeItem(source, exactlyOne(properties, `the property ${property} in ${path}`));
  };

/** Removes the only `...` of an object, an array or a call. */
export const dropSpread =
  ({ in: path }: { in: Path }): Edit =>
  (source) => {
    const spreads = descendantsOf(nodeAt(source, path)).filter(({ type }) => type === "SpreadElement");
    return removeItem(source, exactlyOne(spreads, `a spread in ${path}`));
  };

/** Removes the element of the only array that has one at this index. */
export const dropElement =
  ({ in: path, index }: { in: Path; index: number }): Edit =>
  (source) => {
    const elements = descendantsOf(nodeAt(source, path)).flatMap((node) =>
      node.type === "ArrayExpression" ? (node.elements[index] ?? []) : [],
    );
    return removeItem(source, exactlyOne(elements, `element ${index} of an array in ${path}`));
  };

/** Replaces the result of a function, whose body no longer runs. */
export const alwaysReturn =
  ({ from: path, value }: { from: Path; value: string }): Edit =>
  (source) => {
    const node = nodeAt(source, path);
    if (node.type === "FunctionDeclaration" && node.body) {
      return replaceSpan(source, node.body, `{ return ${value}; }`);
    }
    if (node.type !== "ArrowFunctionExpression") throw new Error(`found no function: ${path}`);
    return replaceSpan(source, node.body, `{ return ${value}; }`);
  };
