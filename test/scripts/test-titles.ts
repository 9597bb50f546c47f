/** Where a test begins; not one that is switched off. */
const beginning = /^[ \t]*test\b(?!(?:\.\w+)*\.(?:skip|todo|fails)\()/gm;
// The title is the first argument of a call whose next one is the function, or the options before it.
const titled = /\(\s*("(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`),\s*(?:\{[^}]*\}\s*,\s*)?(?:async\b|function\b|\()/;
const placeholder = /%[sdifjo#%]|\$\{[^}]*\}|\$\w+(?:\.\w+)*/g;

const unquoted = (literal: string) => literal.slice(1, -1).replace(/\\(["`\\$])/g, "$1");

/** The titles of the tests in a file's source, with `…` for what each case of a table puts there. */
export function titlesIn(source: string): string[] {
  const starts = [...source.matchAll(beginning)].map(({ index }) => index);
  return starts.flatMap((start, i) => {
    const literal = titled.exec(source.slice(start, starts[i + 1]))?.[1];
    return literal ? [unquoted(literal).replace(placeholder, "…")] : [];
  });
}
