/** Counts what is under way, so that whoever closes down can wait for it. */
export class Activity {
  #count = 0;
  #idle: (() => void)[] = [];

  /** @returns the function that ends what was begun; calling it again changes nothing. */
  begin(): () => void {
    this.#count += 1;
    let running = true;
    return () => {
      if (!running) return;
      running = false;
      this.#count -= 1;
      if (this.#count === 0) for (const resolve of this.#idle.splice(0)) resolve();
    };
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
