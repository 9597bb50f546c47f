import { type Edit, exactlyOne, replaceSpan, type Span } from "../edit.js";
import { describePlace, type SqlPlace, sqlAt } from "./place.js";
import { isWord, spanOf, type Token } from "./token.js";

/** Removes `for update` or `for no key update`, with its options. */
export const dropRowLock =
  (place: SqlPlace): Edit =>
  (source) => {
    const locks = sqlAt(source, place).flatMap(rowLocks);
    return replaceSpan(source, exactlyOne(locks, `a row lock in ${describePlace(place)}`), "");
  };

const lockWords = ["for", "no", "key", "update", "share", "of", "skip", "locked", "nowait"];

const rowLocks = (sql: readonly Token[]): Span[] =>
  sql.flatMap((token, start) => {
    if (!isWord(token, "for") || !isWord(sql[start + 1], "no", "key", "update", "share")) return [];
    const end = sql.findIndex(
      (next, index) => index > start && !isWord(next, ...lockWords) && !isWord(sql[index - 1], "of"),
    );
    return spanOf(sql.slice(start, end === -1 ? undefined : end));
  });
