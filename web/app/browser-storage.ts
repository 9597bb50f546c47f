type Area = "localStorage" | "sessionStorage";

/** JSON values in one of the browser's stores. Where storage is blocked or full, it keeps nothing and never throws. */
export const createBrowserStorage = (area: Area) => ({
  read: (key: string): unknown => attempt(() => JSON.parse(globalThis[area].getItem(key) ?? "null")),
  write: (key: string, value: unknown): void =>
    attempt(() => globalThis[area].setItem(key, JSON.stringify(value))),
  remove: (key: string): void => attempt(() => globalThis[area].removeItem(key)),
  keys: (prefix: string): string[] =>
    attempt(() => Object.keys(globalThis[area]).filter((key) => key.startsWith(prefix))) ?? [],
});

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
