/** Turns a JSON parameter into Postgres text as Neon does: arrays become `{...}`, objects stay JSON. */
export function paramText(value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  return Array.isArray(value) ? arrayText(value) : JSON.stringify(value);
}

function arrayText(items: unknown[]): string {
  return `{${items.map(elementText).join(",")}}`;
}

function elementText(value: unknown): string {
  if (value === null) return "NULL";
  if (Array.isArray(value)) return arrayText(value);
  return JSON.stringify(typeof value === "object" ? JSON.stringify(value) : value);
}
