import { type Edit, exactlyOne, replaceSpan, type Span } from "../edit.js";
import { describePlace, type SqlPlace, sqlAt } from "./place.js";
import { isSymbol, isWord, spanOf, type Token } from "./token.js";

/** Removes `column = …` from the SET of an update. */
export const dropAssignment =
  ({ column, ...place }: SqlPlace & { column: string }): Edit =>
  (source) => {
    const assignments = sqlAt(source, place).flatMap((sql) =>
      sql.flatMap((token, index) => (isWord(token, "set") ? setList(sql, index) : [])),
    );
    const matches = assignments.filter((assignment) => assignment.column === column);
    const lookedFor = `an assignment to ${column} in ${describePlace(place)}`;
    return replaceSpan(source, exactlyOne(matches, lookedFor), "");
  };

type Assignment = Span & { column: string | undefined };

/** The assignments after SET, each with the comma that separates it from a neighbor. */
function setList(sql: readonly Token[], set: number): Assignment[] {
  const depth = sql[set]?.depth;
  const items: Token[][] = [[]];
  const commas: Token[] = [];
  for (const [index, token] of sql.entries()) {
    if (index <= set) continue;
    if (token.depth === depth && isEnd(token, sql[index - 1])) break;
    if (token.depth === depth && isSymbol(token, ",")) {
      commas.push(token);
      items.push([]);
    } else items.at(-1)?.push(token);
  }
  return items.map((item, index) => {
    const separator = commas[index] ?? commas[index - 1];
    if (!separator) throw new Error("found a SET with one assignment, which cannot be removed");
    const { start, end } = spanOf(item);
    const span = { start: Math.min(start, separator.start), end: Math.max(end, separator.end) };
    return { ...span, column: item[0]?.text };
  });
}

/** FROM also belongs to `is distinct from`. */
const isEnd = (token: Token, previous: Token | undefined): boolean =>
  isWord(token, "where", "returning") || (isWord(token, "from") && !isWord(previous, "distinct"));
