/* Reads the content lines of iCalendar (RFC 5545 section 3.1). Knows nothing about tasks. */

export type Property = { name: string; parameters: ReadonlyMap<string, string>; value: string };
/** A component such as VTODO. */
export type Component = { name: string; properties: readonly Property[] };

// A parameter may have several values, each with or without quotes.
const line = /^([\w-]+)((?:;[\w-]+=(?:"[^"]*"|[^";:])*)*):(.*)$/s;
const parameter = /;([\w-]+)=((?:"[^"]*"|[^";:])*)/g;

const unfold = (text: string): string => text.replace(/\r?\n[ \t]/g, "");

function readProperty(text: string): Property | null {
  const [isMatch, name = "", parameters = "", value = ""] = line.exec(text) ?? [];
  if (isMatch === undefined) return null;
  const read = [...parameters.matchAll(parameter)].map(
    ([, key = "", given = ""]) => [key.toUpperCase(), given.replaceAll('"', "")] as const,
  );
  return { name: name.toUpperCase(), parameters: new Map(read), value };
}

/** Unescapes a value of type TEXT (section 3.3.11). */
export const textOf = (value: string): string =>
  value.replace(/\\([\\;,nN])/g, (_, escaped: string) => (escaped.toLowerCase() === "n" ? "\n" : escaped));

/** Splits a list of TEXT values at its unescaped commas. */
export const textsOf = (value: string): string[] =>
  (value.match(/(?:\\[\s\S]|[^\\,])+/g) ?? [])
    .map((part) => textOf(part).trim())
    .filter((part) => part !== "");

export const valueIn = ({ properties }: Component, name: string): string | undefined =>
  properties.find((property) => property.name === name)?.value;

/**
 * Reads the components directly inside a VCALENDAR. Nested ones, such as alarms, are left out. Returns null if there is no
 * calendar, or if a component does not end.
 */
export function readComponents(text: string): Component[] | null {
  const components: Component[] = [];
  const open: string[] = [];
  let properties: Property[] = [];
  let hasCalendar = false;
  for (const contentLine of unfold(text).split(/\r?\n/)) {
    const property = readProperty(contentLine);
    if (property?.name === "BEGIN") {
      open.push(componentName(property));
      hasCalendar ||= open[0] === "VCALENDAR";
      if (open.length === 2) properties = [];
    } else if (property?.name === "END") {
      const name = componentName(property);
      if (open.pop() !== name) return null;
      if (open.length === 1 && open[0] === "VCALENDAR") components.push({ name, properties });
    } else if (property && open.length === 2) {
      properties.push(property);
    }
  }
  return hasCalendar && open.length === 0 ? components : null;
}

const componentName = ({ value }: Property): string => value.trim().toUpperCase();
