import { type Generation, loadGeneration } from "./generation.js";

/** What is served now. A reload that fails leaves it as it was. */
export type Site = {
  current(): Generation;
  reload(): Promise<void>;
  /** Resolves when no request and no `waitUntil` work of any generation is under way. */
  idle(): Promise<void>;
};

export async function openSite(output: string, vercelJson: string): Promise<Site> {
  let current = await loadGeneration(output, vercelJson);
  let reloading = Promise.resolve();
  const retiring = new Set<Promise<void>>();

  async function replace(): Promise<void> {
    const old = current;
    current = await loadGeneration(output, vercelJson);
    const retired = old
      .retire()
      .catch((error: unknown) => console.error(error))
      .finally(() => retiring.delete(retired));
    retiring.add(retired);
  }

  return {
    current: () => current,
    reload() {
      const done = reloading.then(replace);
      reloading = done.catch(() => {});
      return done;
    },
    async idle() {
      await Promise.all([current.activity.idle(), ...retiring]);
    },
  };
}
