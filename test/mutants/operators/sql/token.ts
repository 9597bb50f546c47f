import type { Span } from "../edit.js";

/** `text` of a word is in lower case, of a string without its quotes. A hole is the `${…}` of a template. */
export type Token = Span & {
  kind: "word" | "number" | "string" | "symbol" | "hole";
  text: string;
  /** How many brackets are open around the token. Both brackets of a pair have the depth outside. */
  depth: number;
};

type Piece = Omit<Token, "depth">;

const comment = /--[^\n]*|\/\*[\s\S]*?\*\//y;
const patterns: [Token["kind"], RegExp][] = [
  ["string", /'(?:[^']|'')*'?/y],
  ["word", /"[^"]*"|[a-z_]\w*/iy],
  ["number", /\d+(?:\.\d+)?/y],
  ["symbol", /::|:=|<=|>=|<>|&&|\|\||\$\$|\S/y],
];

/** Splits SQL that begins at `offset` of a file. Comments are left out. */
export function piecesOf(sql: string, offset: number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < sql.length; ) {
    const length = matchAt(comment, sql, at)?.length ?? matchAt(/\s+/y, sql, at)?.length;
    if (length) {
      at += length;
      continue;
    }
    const piece = pieceAt(sql, at);
    pieces.push({ ...piece, start: offset + piece.start, end: offset + piece.end });
    at = piece.end;
  }
  return pieces;
}

function pieceAt(sql: string, start: number): Piece {
  for (const [kind, pattern] of patterns) {
    const text = matchAt(pattern, sql, start);
    if (text) return { kind, text: normalize(kind, text), start, end: start + text.length };
  }
  throw new Error(`not SQL: ${sql.slice(start)}`);
}

function normalize(kind: Token["kind"], text: string): string {
  if (kind === "string") return text.replace(/^'|'$/g, "");
  return kind === "word" ? text.replaceAll('"', "").toLowerCase() : text;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

export function withDepths(pieces: readonly Piece[]): Token[] {
  let depth = 0;
  return pieces.map((piece) => {
    if (piece.kind !== "symbol") return { ...piece, depth };
    if (piece.text === ")" || piece.text === "]") depth -= 1;
    const token = { ...piece, depth };
    if (piece.text === "(" || piece.text === "[") depth += 1;
    return token;
  });
}

export const isWord = (token: Token | undefined, ...words: string[]): boolean =>
  token?.kind === "word" && words.includes(token.text);

export const isSymbol = (token: Token | undefined, ...symbols: string[]): boolean =>
  token?.kind === "symbol" && symbols.includes(token.text);

/** The tokens between the bracket at `open` and the one that closes it. */
export function insideBrackets(tokens: readonly Token[], open: number): Token[] {
  const depth = tokens[open]?.depth;
  const close = tokens.findIndex((token, index) => index > open && token.depth === depth);
  return tokens.slice(open + 1, close === -1 ? undefined : close);
}

/** @throws Error for an empty list */
export function spanOf(tokens: readonly Token[]): Span {
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (!first || !last) throw new Error("found no SQL there");
  return { start: first.start, end: last.end };
}
