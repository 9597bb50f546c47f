import type { Node } from "oxc-parser";
import { type Edit, exactlyOne, replaceSpan, type Span } from "./edit.js";
import { descendantsOf, nodeAt, type Path } from "./syntax-tree.js";

/** Replaces a string, or a part of a template literal. */
export const replaceText =
  ({ in: path, text, by }: { in: Path; text: string; by: string }): Edit =>
  (source) => {
    const matches = descendantsOf(nodeAt(source, path)).flatMap((node) => occurrences(node, text));
    return replaceSpan(source, exactlyOne(matches, `the text ${text} in ${path}`), by);
  };

function occurrences(node: Node, text: string): Span[] {
  const spanAt = (start: number) => ({ start, end: start + text.length });
  if (node.type === "Literal") return node.value === text ? [spanAt(node.start + 1)] : [];
  if (node.type !== "TemplateElement") return [];
  const { raw } = node.value;
  const spans: Span[] = [];
  for (let offset = raw.indexOf(text); offset !== -1; offset = raw.indexOf(text, offset + 1)) {
    // The node starts with a delimiter, ` or }.
    spans.push(spanAt(node.start + 1 + offset));
  }
  return spans;
}

/** Reads another property of the same object. */
export const renameMember =
  ({ in: path, member, to }: { in: Path; member: string; to: string }): Edit =>
  (source) => {
    const names = descendantsOf(nodeAt(source, path)).flatMap((node) =>
      node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier"
        ? node.property
        : [],
    );
    const matches = names.filter(({ name }) => name === member);
    return replaceSpan(source, exactlyOne(matches, `a use of .${member} in ${path}`), to);
  };
