import { type Edit, replaceSpan } from "../edit.js";
import { sqlAt } from "./place.js";
import { spanOf } from "./token.js";

/** Makes a CTE that changes data do nothing. For CTEs without a column that the statement reads. */
export const dropCteEffect =
  (place: { in: string; cte: string }): Edit =>
  (source) =>
    replaceSpan(source, spanOf(sqlAt(source, place).flat()), "select");
