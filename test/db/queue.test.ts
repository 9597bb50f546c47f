import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { createQueue } from "../../db/queue.js";

/** Work that ends on command, and a record of the work that has started. */
function createWork() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      started.push(name);
      ends.set(name, () => resolve(name));
    });
  return { started, work, end: (name: string) => ends.get(name)?.() };
}

const patient = { maxWaitMs: 60_000, rejection: () => new Error("no room") };
const hasty = { maxWaitMs: 20, rejection: () => new Error("too late") };

test("runs as much work as it has places, then the rest in order", async () => {
  const { started, work, end } = createWork();
  const enqueue = createQueue({ concurrency: 2, maxQueued: 3 });
  const all = ["a", "b", "c", "d"].map((name) => enqueue(work(name), patient));
  await sleep(0);
  expect(started).toEqual(["a", "b"]);
  end("b");
  expect(await all[1]).toBe("b");
  await expect.poll(() => started).toEqual(["a", "b", "c"]);
  end("a");
  await expect.poll(() => started).toEqual(["a", "b", "c", "d"]);
  end("c");
  end("d");
  expect(await Promise.all(all)).toEqual(["a", "b", "c", "d"]);
});

test("rejects work immediately when the waiting room is full, and never starts it", async () => {
  const { started, work, end } = createWork();
  const enqueue = createQueue({ concurrency: 1, maxQueued: 1 });
  const [first, second] = [enqueue(work("a"), patient), enqueue(work("b"), patient)];
  await expect(enqueue(work("c"), patient)).rejects.toThrow("no room");
  end("a");
  await first;
  await expect.poll(() => started).toEqual(["a", "b"]);
  end("b");
  expect(await second).toBe("b");
  await expect(enqueue(async () => "d", patient)).resolves.toBe("d");
  expect(started).toEqual(["a", "b"]);
});

test("rejects work that waited too long for a place, and never starts it", async () => {
  const { started, work, end } = createWork();
  const enqueue = createQueue({ concurrency: 1, maxQueued: 2 });
  const first = enqueue(work("a"), hasty);
  const second = enqueue(work("b"), hasty);
  const last = enqueue(work("c"), patient);
  await expect(second).rejects.toThrow("too late");
  expect(started).toEqual(["a"]);
  end("a");
  expect(await first, "the limit covers the wait, not the work").toBe("a");
  await expect.poll(() => started).toEqual(["a", "c"]);
  end("c");
  expect(await last).toBe("c");
  expect(started).toEqual(["a", "c"]);
});

test("rejects work without waiting time immediately, unless a place is free", async () => {
  const { work, end } = createWork();
  const enqueue = createQueue({ concurrency: 1, maxQueued: 1 });
  const late = { ...hasty, maxWaitMs: -1 };
  const first = enqueue(work("a"), late);
  await expect(enqueue(work("b"), late)).rejects.toThrow("too late");
  end("a");
  expect(await first).toBe("a");
});

test("never rejects work that started in time, however long it takes", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { started, work, end } = createWork();
  const enqueue = createQueue({ concurrency: 1, maxQueued: 1 });
  const first = enqueue(work("a"), hasty);
  const second = enqueue(work("b"), hasty);
  await sleep(0);
  end("a");
  await first;
  await expect.poll(() => started).toEqual(["a", "b"]);
  vi.advanceTimersByTime(2 * hasty.maxWaitMs);
  end("b");
  expect(await second).toBe("b");
});

test("passes on errors of the work and frees its place", async () => {
  const enqueue = createQueue({ concurrency: 1, maxQueued: 2 });
  const fail = async () => {
    throw new Error("broken");
  };
  const failSynchronously = () => {
    throw new Error("broken");
  };
  const all = [enqueue(fail, patient), enqueue(fail, patient), enqueue(failSynchronously, patient)];
  for (const result of await Promise.allSettled(all)) {
    expect(result).toMatchObject({ status: "rejected", reason: { message: "broken" } });
  }
  expect(await enqueue(async () => "on", patient)).toBe("on");
});
