import { type Edit, exactlyOne, replaceSpan } from "../edit.js";
import { describePlace, type SqlPlace, sqlAt } from "./place.js";
import { isWord, spanOf } from "./token.js";

/** Replaces the condition of the only WHEN that yields this string, or of the one that mentions a word. */
export const setBranch =
  ({
    result,
    when,
    mentions,
    ...place
  }: SqlPlace & { result: string; when: string; mentions?: string }): Edit =>
  (source) => {
    const conditions = sqlAt(source, place).flatMap((sql) =>
      sql.flatMap((token, index) => {
        if (token.kind !== "string" || token.text !== result || !isWord(sql[index - 1], "then")) return [];
        const start = sql.findLastIndex((earlier, at) => at < index && isWord(earlier, "when"));
        const condition = sql.slice(start + 1, index - 1);
        const isMeant = mentions === undefined || condition.some(({ text }) => text.includes(mentions));
        return isMeant ? spanOf(condition) : [];
      }),
    );
    const lookedFor = `a branch with the result ${result} in ${describePlace(place)}`;
    return replaceSpan(source, exactlyOne(conditions, lookedFor), when);
  };
