import { describe, expect, test } from "vitest";
import { anchorsIn, type Link, linksOf, readText } from "./markdown.js";
import { allProofs, proofsIn } from "./proof-ids.js";

const pages = ["SECURITY.md", "docs/asvs.md"];
const isProof = ({ file }: Link) => file.endsWith(".test.ts");

describe.each(pages)("%s", (page) => {
  test("cites only live proofs, by their ids and files", async () => {
    const proofs = await allProofs();
    const citations = (await linksOf(page)).filter(isProof);
    expect(citations.length).toBeGreaterThan(30);
    const faults = citations.flatMap(({ text, file }) => {
      const proof = proofs.find(({ id, file: home }) => id === text && home === file);
      if (!proof) return `${file} has no "// @proof ${text}"`;
      return proof.isLive ? [] : `${file}: the proof ${text} is not directly above a test that runs`;
    });
    expect(faults).toEqual([]);
  });

  test("links only to files and headings that exist", async () => {
    const faults: string[] = [];
    for (const { file, anchor } of (await linksOf(page)).filter((link) => !isProof(link))) {
      const text = await readText(file).catch(() => undefined);
      if (text === undefined) faults.push(`${file} does not exist`);
      else if (anchor && !anchorsIn(text).includes(anchor)) faults.push(`${file} has no heading #${anchor}`);
    }
    expect(faults).toEqual([]);
  });
});

describe("proof ids", () => {
  test("are kebab-case and stand directly above a test that runs", async () => {
    const faults = (await allProofs())
      .filter(({ id, isLive }) => !isLive || !/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(id))
      .map(({ id, file }) => `${file}: ${id}`);
    expect(faults).toEqual([]);
  });

  test("are unique in the repository", async () => {
    const proofs = await allProofs();
    const duplicates = proofs.filter(({ id }, i) => proofs.findIndex((other) => other.id === id) !== i);
    expect(duplicates.map(({ id, file }) => `${file}: ${id} is taken`)).toEqual([]);
  });

  test("are all cited by a security document", async () => {
    const cited = (await Promise.all(pages.map(linksOf))).flat().map(({ text }) => text);
    const faults = (await allProofs()).filter(({ id }) => !cited.includes(id));
    expect(faults.map(({ id, file }) => `${file}: ${id} is not cited`)).toEqual([]);
  });

  test.each([
    ['  test("a", f)', true],
    ["test.each(cases)(", true],
    ['test.skipIf(!hasPostgres())("a", f)', true],
    ['test.skip("a", f)', false],
    ['test.concurrent.todo("a")', false],
    ['describe("a", f)', false],
    ["", false],
    ['describe.skip("s", () => {\n  test("a", f)', false],
  ])("above %j are live: %j", (next, isLive) => {
    const isSuite = next.startsWith("describe.skip");
    const source = isSuite ? next.replace("\n", "\n  // @proof an-id\n") : `// @proof an-id\n${next}\n`;
    expect(proofsIn(source)).toEqual([{ id: "an-id", isLive }]);
  });
});
