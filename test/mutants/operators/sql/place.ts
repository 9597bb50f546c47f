import type { Node, TemplateLiteral } from "oxc-parser";
import { exactlyOne } from "../edit.js";
import { calleeOf, descendantsOf, nodeAt, type Path } from "../syntax-tree.js";
import { insideBrackets, isSymbol, isWord, piecesOf, type Token, withDepths } from "./token.js";

/** The `sql` templates of a TypeScript declaration, one CTE of them, or a function of a migration. */
export type SqlPlace = { in: Path; cte?: string } | { sqlFunction: string };

/** The pieces of SQL at a place, each as its tokens. */
export function sqlAt(source: string, place: SqlPlace): Token[][] {
  if ("sqlFunction" in place) return [functionBody(source, place.sqlFunction)];
  const templates = descendantsOf(nodeAt(source, place.in)).flatMap(templateOf);
  const statements = templates.map((template) => tokensOf(template, source));
  const { cte } = place;
  if (cte === undefined) return statements;
  const bodies = statements.flatMap((tokens) => cteBodies(tokens, cte));
  return [exactlyOne(bodies, `the CTE ${cte} in ${place.in}`)];
}

export const describePlace = (place: SqlPlace): string =>
  "sqlFunction" in place ? place.sqlFunction : [place.in, place.cte].filter(Boolean).join(", CTE ");

/** The template of sql`…` or of sql.raw(`…`). */
function templateOf(node: Node): TemplateLiteral[] {
  if (node.type === "TaggedTemplateExpression") {
    return node.tag.type === "Identifier" && node.tag.name === "sql" ? [node.quasi] : [];
  }
  if (node.type !== "CallExpression" || calleeOf(node) !== "raw") return [];
  return node.arguments.filter((argument) => argument.type === "TemplateLiteral");
}

/** Text between holes starts after a delimiter of one character, ` or }. */
const tokensOf = ({ quasis, expressions }: TemplateLiteral, source: string): Token[] =>
  withDepths(
    quasis.flatMap(({ start, end, value }, index) => {
      const pieces = piecesOf(value.raw, start + 1);
      const expression = expressions[index];
      if (!expression) return pieces;
      const text = source.slice(expression.start, expression.end);
      const hole = {
        kind: "hole" as const,
        text,
        start: end - 2,
        end: (quasis[index + 1]?.start ?? end) + 1,
      };
      return [...pieces, hole];
    }),
  );

const cteBodies = (tokens: readonly Token[], name: string): Token[][] =>
  tokens.flatMap((token, index) => {
    if (!isWord(token, name) || !isWord(tokens[index + 1], "as")) return [];
    const open = index + (isWord(tokens[index + 2], "materialized") ? 3 : 2);
    return isSymbol(tokens[open], "(") ? [insideBrackets(tokens, open)] : [];
  });

function functionBody(source: string, name: string): Token[] {
  const tokens = withDepths(piecesOf(source, 0));
  const starts = tokens.flatMap((token, index) =>
    // Not the one in `execute function` of a trigger.
    isWord(token, "function") && !isWord(tokens[index - 1], "execute") && isWord(tokens[index + 1], name)
      ? index
      : [],
  );
  const start = exactlyOne(starts, `the SQL function ${name}`);
  const [open = 0, close] = tokens.flatMap((token, index) =>
    index > start && isSymbol(token, "$$") ? index : [],
  );
  return tokens.slice(open + 1, close);
}
