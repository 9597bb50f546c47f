import { type Edit, exactlyOne, replaceSpan } from "../edit.js";
import { describePlace, type SqlPlace, sqlAt } from "./place.js";
import { isWord, spanOf } from "./token.js";

/** Replaces the condition of the only WHEN that yields this string. */
export const setBranch =
  ({ result, when, ...place }: SqlPlace & { result: string; when: string }): Edit =>
  (source) => {
    const conditions = sqlAt(source, place).flatMap((sql) =>
      sql.flatMap((token, index) => {
        if (token.kind !== "string" || token.text !== result || !isWord(sql[index - 1], "then")) return [];
        const start = sql.findLastIndex((earlier, at) => at < index && isWord(earlier, "when"));
        return spanOf(sql.slice(start + 1, index - 1));
      }),
    );
    const lookedFor = `a branch with the result ${result} in ${describePlace(place)}`;
    return replaceSpan(source, exactlyOne(conditions, lookedFor), when);
  };
