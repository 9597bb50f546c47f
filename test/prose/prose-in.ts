import { parseSync, Visitor } from "oxc-parser";

/** One piece of English in a file, and the line where it begins. */
export type Prose = { line: number; text: string };

type Found = { at: number; text: string };

/** The English in a file: comments and sentences of a source, the text of a page or a document. */
export function proseIn(file: string, source: string): Prose[] {
  return readersByEnding
    .filter(({ ending }) => ending.test(file))
    .flatMap(({ read }) => read(file, source))
    .filter(({ text }) => /\p{L}+[,;:.]?\s+\p{L}+/u.test(text))
    .map(({ at, text }) => ({ line: source.slice(0, at).split("\n").length, text: unwrap(text) }));
}

const readersByEnding = [
  { ending: /\.(?:tsx?|m?js)$/, read: inCode },
  { ending: /\.css$/, read: (_file: string, source: string) => matches(source, /\/\*([\s\S]*?)\*\//g) },
  { ending: /\.sql$/, read: (_file: string, source: string) => matches(source, /^\s*--(?!>)(.*)$/gm) },
  { ending: /\.html$/, read: (_file: string, source: string) => matches(source, />([^<>{}]+)</g) },
  { ending: /\.md$/, read: inMarkdown },
  { ending: /\.ya?ml$|^\.ci\/run$/, read: (_file: string, source: string) => matches(source, /#(.*)$/gm) },
];

function inCode(file: string, source: string): Found[] {
  const { program, comments } = parseSync(file, source);
  const sentences: Found[] = [];
  const sqlRanges: [number, number][] = [];
  const add = (at: number, text: string) => sentences.push({ at, text });
  new Visitor({
    TaggedTemplateExpression({ tag, start, end }) {
      if (source.slice(tag.start, tag.end).startsWith("sql")) sqlRanges.push([start, end]);
    },
    CallExpression({ callee, start, end }) {
      if (/^sql\b/.test(source.slice(callee.start, callee.end))) sqlRanges.push([start, end]);
    },
    Literal: ({ value, start }) => void (typeof value === "string" && add(start, value)),
    TemplateLiteral: ({ quasis, start }) =>
      void add(start, quasis.map(({ value }) => value.cooked ?? "").join("…")),
    JSXText: ({ value, start }) => void add(start, value),
  }).visit(program);
  const isSql = ({ at, text }: Found) =>
    sqlRanges.some(([from, to]) => from <= at && at < to) || looksLikeSql(text);
  return [
    ...comments.map(({ start, value }) => ({ at: start, text: value.replace(/^\s*\*+ ?/gm, "") })),
    ...sentences.filter((sentence) => !isSql(sentence)),
  ];
}

/** A statement in a plain string, as tests and commands run them. */
const looksLikeSql = (text: string) =>
  /^\s*(?:select|insert|update|delete|with|create|alter|drop|do|set|begin|truncate)\b/i.test(text) &&
  /\b(?:from|into|set|table|as|values|where|function|language|select|schema|extension|index)\b/i.test(text);

/** Paragraph by paragraph, without code. */
function inMarkdown(_file: string, source: string): Found[] {
  const blank = (code: string) => code.replace(/[^\n]/g, " ");
  const text = source.replace(/^```[\s\S]*?^```/gm, blank).replace(/`[^`\n]+`/g, blank);
  return matches(text, /((?:[^\n]*\S[^\n]*\n?)+)/g);
}

const matches = (source: string, pattern: RegExp): Found[] =>
  [...source.matchAll(pattern)].map((match) => ({ at: match.index, text: match[1] ?? "" }));

const unwrap = (text: string) => text.replace(/\s+/g, " ").trim();
