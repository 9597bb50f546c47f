import { type Deployment, openDeployment } from "./deployment.js";

/** The deployment that new requests get, and older ones that still have work to finish. */
export type Site = {
  current(): Deployment;
  /** Replaces the deployment. When that fails, the old one stays. */
  reload(): Promise<void>;
  /** Resolves when no deployment has a request or `waitUntil` work in progress. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

export async function openSite(output: string, vercelJson: string | undefined): Promise<Site> {
  let current = await openDeployment(output, vercelJson);
  let reloading = Promise.resolve();
  const retiring = new Set<Promise<void>>();

  async function replace(): Promise<void> {
    const old = current;
    current = await openDeployment(output, vercelJson);
    const retired = retire(old)
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
    close: () => current.remove(),
  };
}

/** Deletes the files of a deployment once its work is done: a function may still import one of them. */
async function retire(deployment: Deployment): Promise<void> {
  await deployment.activity.idle();
  await deployment.remove();
}
