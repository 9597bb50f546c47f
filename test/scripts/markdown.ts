import { readFile } from "node:fs/promises";

export type Link = { text: string; file: string; anchor: string | undefined };

export const readText = (path: string): Promise<string> =>
  readFile(new URL(`../../${path}`, import.meta.url), "utf8");

/** The links of a page to files of the repository, with paths from its root. */
export async function linksOf(page: string): Promise<Link[]> {
  const links = (await readText(page)).matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g);
  return [...links].map(([, text = "", target = ""]) => {
    const { pathname, hash } = new URL(target, new URL(page, "file:///"));
    return { text, file: pathname.slice(1), anchor: hash.slice(1) || undefined };
  });
}

/** The anchors that GitHub gives the headings of a page. */
export const anchorsIn = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

/** The rows of the table between `<!-- name -->` and `<!-- /name -->`, without its heading. */
export function tableRows(markdown: string, name: string): string[] {
  const table = new RegExp(`<!-- ${name} -->\\n(?:.*\\n){2}([^]*?)\\n<!-- /${name} -->`).exec(markdown)?.[1];
  return table?.split("\n") ?? [];
}
