import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { takingTurns } from "../../db/turns.js";

/** Work that ends when told to, and a diary of what has begun. */
function diary() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}

const patient = { waitMs: 60_000, refusal: () => new Error("no room") };
const hasty = { waitMs: 20, refusal: () => new Error("too late") };

test("lets as much run as there are places, then the others in order", async () => {
  const { begun, work, end } = diary();
  const inTurn = takingTurns({ atOnce: 2, waiting: 3 });
  const all = ["a", "b", "c", "d"].map((name) => inTurn(work(name), patient));
  await sleep(0);
  expect(begun).toEqual(["a", "b"]);
  end("b");
  expect(await all[1]).toBe("b");
  await expect.poll(() => begun).toEqual(["a", "b", "c"]);
  end("a");
  await expect.poll(() => begun).toEqual(["a", "b", "c", "d"]);
  end("c");
  end("d");
  expect(await Promise.all(all)).toEqual(["a", "b", "c", "d"]);
});

test("refuses at once what finds no room to wait, and never begins it", async () => {
  const { begun, work, end } = diary();
  const inTurn = takingTurns({ atOnce: 1, waiting: 1 });
  const [first, second] = [inTurn(work("a"), patient), inTurn(work("b"), patient)];
  await expect(inTurn(work("c"), patient)).rejects.toThrow("no room");
  end("a");
  await first;
  await expect.poll(() => begun).toEqual(["a", "b"]);
  end("b");
  expect(await second).toBe("b");
  await expect(inTurn(async () => "d", patient)).resolves.toBe("d");
  expect(begun).toEqual(["a", "b"]);
});

test("refuses what has waited too long while the place is still taken, and never begins it", async () => {
  const { begun, work, end } = diary();
  const inTurn = takingTurns({ atOnce: 1, waiting: 2 });
  const first = inTurn(work("a"), hasty);
  const second = inTurn(work("b"), hasty);
  const last = inTurn(work("c"), patient);
  await expect(second).rejects.toThrow("too late");
  expect(begun).toEqual(["a"]);
  end("a");
  expect(await first, "its time is for the wait, not for the work").toBe("a");
  await expect.poll(() => begun).toEqual(["a", "c"]);
  end("c");
  expect(await last).toBe("c");
  expect(begun).toEqual(["a", "c"]);
});

test("refuses at once what has no time to wait, but not what need not wait", async () => {
  const { work, end } = diary();
  const inTurn = takingTurns({ atOnce: 1, waiting: 1 });
  const late = { ...hasty, waitMs: -1 };
  const first = inTurn(work("a"), late);
  await expect(inTurn(work("b"), late)).rejects.toThrow("too late");
  end("a");
  expect(await first).toBe("a");
});

test("sends nobody away who has begun in time, however long the work takes", async () => {
  const { begun, work, end } = diary();
  const inTurn = takingTurns({ atOnce: 1, waiting: 1 });
  const first = inTurn(work("a"), hasty);
  const second = inTurn(work("b"), { ...hasty, waitMs: 500 });
  await sleep(0);
  end("a");
  await first;
  await expect.poll(() => begun).toEqual(["a", "b"]);
  await sleep(600);
  end("b");
  expect(await second).toBe("b");
});

test("passes on what goes wrong, at once or after a wait, and the place with it", async () => {
  const inTurn = takingTurns({ atOnce: 1, waiting: 2 });
  const fail = async () => {
    throw new Error("broken");
  };
  const failAtOnce = () => {
    throw new Error("broken");
  };
  const all = [inTurn(fail, patient), inTurn(fail, patient), inTurn(failAtOnce, patient)];
  for (const result of await Promise.allSettled(all)) {
    expect(result).toMatchObject({ status: "rejected", reason: { message: "broken" } });
  }
  expect(await inTurn(async () => "on", patient)).toBe("on");
});
