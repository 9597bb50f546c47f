/** Counts pending work, so that a shutdown can wait for it. */
export class Activity {
  #count = 0;
  #idle: (() => void)[] = [];

  /** @returns the function that ends this piece of work; repeated calls have no effect. */
  begin(): () => void {
    this.#count += 1;
    let isRunning = true;
    return () => {
      if (!isRunning) return;
      isRunning = false;
      this.#count -= 1;
      if (this.#count === 0) for (const resolve of this.#idle.splice(0)) resolve();
    };
  }

  /** Resolves when no work is pending. */
  async idle(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
