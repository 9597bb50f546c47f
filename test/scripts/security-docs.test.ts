import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { budgets } from "../../lib/auth/limits.js";
import { titlesIn } from "./test-titles.js";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFile(new URL(path, root), "utf8");

type Link = { text: string; target: string };

/** Links of a page; paths as from the root. */
async function linksOf(page: string): Promise<Link[]> {
  const links = (await read(page)).matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g);
  return [...links].map(([, text = "", target = ""]) => {
    const { pathname, hash } = new URL(target, new URL(page, "file:///"));
    return { text: text.replaceAll("\\|", "|"), target: pathname.slice(1) + hash };
  });
}

const isTest = ({ target }: Link) => target.endsWith(".test.ts");

const anchorsIn = (markdown: string) =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

describe.each(["SECURITY.md", "docs/asvs.md"])("%s", (page) => {
  test("names only tests that there are, by their titles", async () => {
    const links = (await linksOf(page)).filter(isTest);
    expect(links.length).toBeGreaterThan(30);
    const wrong: string[] = [];
    for (const { text, target } of links) {
      const source = await read(target).catch(() => undefined);
      if (!source) wrong.push(`${target} is not there`);
      else if (!titlesIn(source).includes(text)) wrong.push(`${target} has no test "${text}"`);
    }
    expect(wrong).toEqual([]);
  });

  test("links to nothing else that is not there", async () => {
    for (const { target } of (await linksOf(page)).filter((link) => !isTest(link))) {
      const [file = "", anchor] = target.split("#");
      const text = await read(file);
      if (anchor) expect(anchorsIn(text), target).toContain(anchor);
    }
  });
});

test("SECURITY.md has the budgets that lib/auth/limits.ts has", async () => {
  const rows = Object.values(budgets).map(
    ({ name, burst, refillSeconds }) =>
      `| \`${name}\` | ${burst} | ${refillSeconds} s | ${burst + (24 * 3600) / refillSeconds} |`,
  );
  const stated = /<!-- budgets -->\n(?:.*\n){2}([\s\S]*?)\n<!-- \/budgets -->/.exec(
    await read("SECURITY.md"),
  )?.[1];
  expect(stated?.split("\n")).toEqual(rows);
});

describe("docs/asvs.md", () => {
  /** Requirements of ASVS 5.0.0 at levels 1 and 2, without the chapter's number. */
  const required: Record<string, string> = {
    V2: "1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 3.4 4.1",
    V3: "2.1 2.2 3.1 3.2 3.3 3.4 4.1 4.2 4.3 4.4 4.5 4.6 5.1 5.2 5.3 5.4 5.5 7.1 7.2",
    V4: "1.1 1.2 1.3 2.1 3.1 3.2 4.1 4.2 4.3 4.4",
    V6: "1.1 1.2 1.3 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11 2.12 3.1 3.2 3.3 3.4 4.1 4.2 4.3 4.4 5.1 5.2 5.3 5.4 5.5 6.1 6.2 6.3 8.1 8.2 8.3 8.4",
    V7: "1.1 1.2 1.3 2.1 2.2 2.3 2.4 3.1 3.2 4.1 4.2 4.3 4.4 4.5 5.1 5.2 6.1 6.2",
    V9: "1.1 1.2 1.3 2.1 2.2 2.3 2.4",
    V11: "1.1 1.2 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3 4.4 5.1 6.1",
    V13: "1.1 2.1 2.2 2.3 2.4 2.5 3.1 3.2 4.1 4.2 4.3 4.4 4.5",
    V14: "1.1 1.2 2.1 2.2 2.3 2.4 3.1 3.2 3.3",
    V16: "1.1 2.1 2.2 2.3 2.4 2.5 3.1 3.2 3.3 3.4 4.1 4.2 4.3 5.1 5.2 5.3",
  };
  const rows = async () =>
    [...(await read("docs/asvs.md")).matchAll(/^\| (V[\d.]+) \| ([12]) \| (.+?) \| (.+?) \| (.+) \|$/gm)].map(
      ([, id = "", , , verdict = "", proof = ""]) => ({ id, verdict, proof }),
    );

  test("has a row for every requirement of its chapters, in order", async () => {
    const ids = Object.entries(required).flatMap(([chapter, list]) =>
      list.split(" ").map((number) => `${chapter}.${number}`),
    );
    expect((await rows()).map(({ id }) => id)).toEqual(ids);
  });

  test("gives a proof for what is met, and a reason for what is not", async () => {
    const verdicts = ["met", "partly", "not met", "not applicable", "platform"];
    for (const { id, verdict, proof } of await rows()) {
      expect(verdicts, id).toContain(verdict);
      if (verdict === "met") expect(proof, id).toMatch(/\[[^\]]+\]\([^)]+\)/);
      else expect(proof.replace(/\[[^\]]*\]\([^)]*\)/g, "").length, id).toBeGreaterThan(15);
    }
  });

  test("counts its verdicts right", async () => {
    const all = await rows();
    const count = (verdict: string) => all.filter((row) => row.verdict === verdict).length;
    const stated = /Of (\d+) requirements (\d+) are met, (\d+) partly, (\d+) not/.exec(
      await read("docs/asvs.md"),
    );
    expect(stated?.slice(1).map(Number)).toEqual([
      all.length,
      count("met"),
      count("partly"),
      count("not met"),
    ]);
  });
});
