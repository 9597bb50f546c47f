import { type Edit, exactlyOne, innermost, replaceSpan, type Span } from "../edit.js";
import { describePlace, type SqlPlace, sqlAt } from "./place.js";
import { insideBrackets, isSymbol, isWord, spanOf, type Token } from "./token.js";

/** `mentions`: a name, such as `id` or `users.id`, or a string in the condition. `to`: its value; default: the one that has no effect. */
type Condition = SqlPlace & { mentions: string; to?: boolean };

/** Drops the smallest condition with this mention: an operand of AND or OR, or all of a WHERE, ON, WHEN or IF. */
export const dropCondition =
  ({ mentions, to, ...place }: Condition): Edit =>
  (source) => {
    const conditions = sqlAt(source, place).flatMap(conditionsOf);
    const matches = conditions.filter(({ tokens }) => hasTerm(tokens, mentions));
    const lookedFor = `a condition in ${describePlace(place)} that mentions ${mentions}`;
    const condition = exactlyOne(innermost(matches), lookedFor);
    return replaceSpan(source, condition, String(to ?? condition.neutral));
  };

function hasTerm(tokens: readonly Token[], term: string): boolean {
  const names = term.split(/(\.)/);
  return tokens.some(
    ({ kind, text }, index) =>
      (kind === "hole" && text.split(/\W+/).includes(term)) ||
      names.every((name, offset) => tokens[index + offset]?.text === name),
  );
}

type SqlCondition = Span & { tokens: Token[]; neutral: boolean };

const clauses = ["where", "on", "when", "if", "elsif", "having"];
const boundaries = [
  ..."and or as conflict do else end for from group into join left limit loop order raise return".split(" "),
  ..."returning select set then union using values".split(" "),
  ...clauses,
];

/** Splits the SQL at keywords and commas. A part is a condition if AND, OR or the keyword of a clause says so. */
function conditionsOf(sql: readonly Token[]): SqlCondition[] {
  const depth = sql[0]?.depth ?? 0;
  const conditions: SqlCondition[] = [];
  let before: Token | undefined;
  let part: Token[] = [];
  const finish = (after: Token | undefined) => {
    const isOperand = isWord(before, "and", "or", ...clauses) || isWord(after, "and", "or");
    const isJoinedByAnd = isWord(before, "and") || isWord(after, "and");
    const isJoinedByOr = isWord(before, "or") || isWord(after, "or");
    // AND binds tighter than OR.
    const neutral = isJoinedByAnd || !isJoinedByOr;
    if (isOperand && part.length > 0) conditions.push({ ...spanOf(part), tokens: part, neutral });
    part = [];
  };
  sql.forEach((token, index) => {
    if (token.depth === depth && isSymbol(token, "(", "[")) {
      conditions.push(...conditionsOf(insideBrackets(sql, index)));
    }
    if (token.depth === depth && isBoundary(token, part.at(-1))) {
      finish(token);
      before = token;
    } else part.push(token);
  });
  finish(undefined);
  return conditions;
}

function isBoundary(token: Token, previous: Token | undefined): boolean {
  // A hole after a complete operand adds clauses.
  if (token.kind === "hole") return isOperandEnd(previous);
  if (isWord(token, "from")) return !isWord(previous, "distinct");
  return isWord(token, ...boundaries) || isSymbol(token, ",", ";", ":=");
}

const isOperandEnd = (token: Token | undefined): boolean =>
  token !== undefined &&
  (token.kind === "symbol" ? isSymbol(token, ")", "]") : !isWord(token, "not", "is", "in", "like"));
