import { type Edit, exactlyOne, replaceSpan } from "../edit.js";
import { describePlace, type SqlPlace, sqlAt } from "./place.js";
import { isWord } from "./token.js";

/** Turns the left join with a table into an inner join. */
export const makeJoinInner =
  ({ table, ...place }: SqlPlace & { table: string }): Edit =>
  (source) => {
    const joins = sqlAt(source, place).flatMap((sql) =>
      sql.filter(
        (token, index) =>
          isWord(token, "left") && isWord(sql[index + 1], "join") && isWord(sql[index + 2], table),
      ),
    );
    const lookedFor = `a left join with ${table} in ${describePlace(place)}`;
    return replaceSpan(source, exactlyOne(joins, lookedFor), "");
  };
