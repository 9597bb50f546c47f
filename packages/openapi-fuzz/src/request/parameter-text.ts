import type { Parameter } from "../document/operation.js";

/** The texts that stand for a value: several for a list that repeats its parameter for each item. */
export function textsOf(parameter: Parameter, value: unknown): string[] {
  if (!Array.isArray(value)) return [textOf(parameter, value)];
  const items = value.map((item) => textOf(parameter, item));
  if (parameter.in === "query" && parameter.explode) return items;
  return items.length === 0 ? [] : [items.join(",")];
}

function textOf(parameter: Parameter, value: unknown): string {
  const text = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  // Node sends Latin-1, and servers trim blanks at both ends.
  return parameter.in === "header" ? text.replace(/[^\x20-\x7e\x80-\xff]/gu, "x").trim() : text;
}

/** Visible ASCII passes every proxy and server. */
export const headerText = (value: string): string => value.replace(/[^\x21-\x7e]/gu, "x");

/** Whether a parameter can carry a value. A URL loses some texts, and a parameter cannot carry objects. */
export function isSendable(parameter: Parameter, value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.every(
      (item) => isSendable(parameter, item) && !(typeof item === "string" && /^$|,/.test(item)),
    );
  }
  if (value === null || typeof value === "object") return false;
  const isSegment = parameter.in === "path";
  return !(isSegment && /^\.{0,2}$/.test(String(value)));
}

const words: Record<string, unknown> = {
  true: true,
  false: false,
  "1": true,
  "0": false,
  null: null,
  "": null,
};

const asNumber = (text: string): unknown => {
  const isNumber = text.trim() !== "" && !Number.isNaN(Number(text));
  return isNumber ? Number(text) : text;
};
const asWord = (text: string): unknown => {
  const word = text.trim().toLowerCase();
  return Object.hasOwn(words, word) ? words[word] : text;
};

/** All values that a service may read from the texts of one parameter. */
export function valuesFrom(texts: string[]): unknown[] {
  const lists = (items: string[]): unknown[][] => [items, items.map(asNumber), items.map(asWord)];
  const [first = ""] = texts;
  if (texts.length > 1) return lists(texts);
  return [first, asNumber(first), asWord(first), ...lists(texts), ...lists(first.split(","))];
}
