import { expect, test } from "vitest";
import { readText } from "./markdown.js";

const page = "docs/asvs.md";

/** The requirements of ASVS 5.0.0 at levels 1 and 2, without the number of their chapter. */
const requirements: Record<string, string> = {
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

const verdicts = ["met", "partly", "not met", "not applicable", "platform"];

async function readRows() {
  const rows = (await readText(page)).matchAll(/^\| (V[\d.]+) \| ([12]) \| (.+?) \| (.+?) \| (.+) \|$/gm);
  return [...rows].map(([, id = "", , , verdict = "", proof = ""]) => ({ id, verdict, proof }));
}

test("docs/asvs.md has a row for every requirement of its chapters, in order", async () => {
  const ids = Object.entries(requirements).flatMap(([chapter, numbers]) =>
    numbers.split(" ").map((number) => `${chapter}.${number}`),
  );
  expect((await readRows()).map(({ id }) => id)).toEqual(ids);
});

test("docs/asvs.md gives a proof for each requirement that is met, and a reason for each other one", async () => {
  for (const { id, verdict, proof } of await readRows()) {
    expect(verdicts, id).toContain(verdict);
    if (verdict === "met") expect(proof, id).toMatch(/\[[^\]]+\]\([^)]+\)/);
    else expect(proof.replace(/\[[^\]]*\]\([^)]*\)/g, "").length, id).toBeGreaterThan(15);
  }
});

test("docs/asvs.md counts its verdicts correctly", async () => {
  const rows = await readRows();
  const counts = verdicts.map((verdict) => rows.filter((row) => row.verdict === verdict).length);
  const [met, partly, notMet, notApplicable, platform] = counts;
  const text = (await readText(page)).replace(/\s+/g, " ");
  expect(/Of \d+ requirements [^.]*\./.exec(text)?.[0]).toBe(
    `Of ${rows.length} requirements ${met} are met, ${partly} partly, ${notMet} not; ${notApplicable} concern features that Latchkey does not have, and ${platform} are the platform's.`,
  );
});
