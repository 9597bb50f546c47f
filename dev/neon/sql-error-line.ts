import type { SqlError } from "@latchkey/local-neon";

/** Characters of the statement shown on either side of the position. */
const contextLength = 60;

/**
 * One line for the terminal, such as
 * `SQL error 42703: column "nme" does not exist (hint: …) in: select >>nme<< from users`.
 */
export function sqlErrorLine({ query, code, message, position, detail, hint }: SqlError): string {
  const notes = [detail, hint && `hint: ${hint}`].filter(Boolean).join("; ");
  const line = `SQL error ${code ?? "without a code"}: ${message}${notes && ` (${notes})`} in: `;
  return oneLine(line + excerpt(query, Number(position ?? 0)));
}

/** Marks the word at `position`, which Postgres counts in characters from 1. */
function excerpt(query: string, position: number): string {
  const characters = [...query];
  if (position < 1 || position > characters.length) return shortened(query);
  const before = characters.slice(0, position - 1).join("");
  const rest = characters.slice(position - 1).join("");
  const [word = ""] = /^(?:"[^"]*"|'[^']*'|[\w$]+|.)/su.exec(rest) ?? [];
  return `${tail(oneLine(before))}>>${word}<<${shortened(oneLine(rest.slice(word.length)))}`;
}

const oneLine = (text: string) => text.replace(/\s+/g, " ");

const shortened = (text: string) => (text.length > contextLength ? `${text.slice(0, contextLength)}…` : text);

const tail = (text: string) => (text.length > contextLength ? `…${text.slice(-contextLength)}` : text);
