import { type Edit, exactlyOne, replaceSpan } from "../edit.js";
import { describePlace, type SqlPlace, sqlAt } from "./place.js";
import { insideBrackets, isSymbol, isWord, spanOf } from "./token.js";

/** Replaces a string in SQL. */
export const replaceSqlString =
  ({ string, by, ...place }: SqlPlace & { string: string; by: string }): Edit =>
  (source) => {
    const strings = sqlAt(source, place).flatMap((sql) =>
      sql.filter(({ kind, text }) => kind === "string" && text === string),
    );
    const lookedFor = `the SQL string ${string} in ${describePlace(place)}`;
    return replaceSpan(source, exactlyOne(strings, lookedFor), `'${by}'`);
  };

/** Replaces the call of an SQL function. */
export const replaceSqlCall =
  ({ call, by, ...place }: SqlPlace & { call: string; by: string }): Edit =>
  (source) => {
    const calls = sqlAt(source, place).flatMap((sql) =>
      sql.flatMap((token, index) => {
        if (!isWord(token, call) || !isSymbol(sql[index + 1], "(")) return [];
        const length = insideBrackets(sql, index + 1).length;
        return spanOf(sql.slice(index, index + length + 3));
      }),
    );
    const lookedFor = `a call of ${call} in ${describePlace(place)}`;
    return replaceSpan(source, exactlyOne(calls, lookedFor), by);
  };
