/** Work that somebody may have to wait for, whatever comes of it. */
export type UnderWay = {
  add<T>(work: Promise<T>): Promise<T>;
  /** Once all of it has ended, with what was added meanwhile. */
  ended(): Promise<void>;
};

export function createUnderWay(): UnderWay {
  const all = new Set<Promise<unknown>>();
  return {
    add(work) {
      const settled = Promise.allSettled([work]);
      all.add(settled);
      void settled.then(() => all.delete(settled));
      return work;
    },
    async ended() {
      while (all.size > 0) await Promise.all(all);
    },
  };
}
