import { type Edit, exactlyOne, replaceSpan } from "../edit.js";
import { sqlAt } from "./place.js";
import { isWord, spanOf } from "./token.js";

type Raise = { sqlFunction: string; errcode: string };

/** Skips the branch of an SQL function that raises this error. */
export const dropRaise =
  ({ errcode, ...place }: Raise): Edit =>
  (source) => {
    const sql = sqlAt(source, place).flat();
    const codes = sql.flatMap(({ kind, text }, index) =>
      kind === "string" && text === errcode && isWord(sql[index - 2], "errcode") ? index : [],
    );
    const code = exactlyOne(codes, `a branch of ${place.sqlFunction} that raises ${errcode}`);
    const start = sql.findLastIndex((token, index) => index < code && isWord(token, "if", "elsif"));
    const end = sql.findIndex((token, index) => index > start && isWord(token, "then"));
    return replaceSpan(source, spanOf(sql.slice(start + 1, end)), "false");
  };
