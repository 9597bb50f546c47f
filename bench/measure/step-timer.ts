/** Prints the steps of a run as they begin, and adds up the time of each phase. */
export type StepTimer = {
  /** Ends the current step and begins the next one. */
  begin(phase: string, detail?: string): void;
  /** Ends the current step and returns one line per phase. */
  finish(): string[];
};

const seconds = (ms: number, width: number) => `${(ms / 1000).toFixed(1).padStart(width)} s`;

export function createStepTimer(print: (line: string) => void): StepTimer {
  const phases = new Map<string, number>();
  let current: { phase: string; startedAt: number } | undefined;

  function end(): void {
    if (!current) return;
    const elapsed = performance.now() - current.startedAt;
    phases.set(current.phase, (phases.get(current.phase) ?? 0) + elapsed);
    current = undefined;
  }
  return {
    begin(phase, detail) {
      end();
      current = { phase, startedAt: performance.now() };
      print(`${seconds(performance.now(), 7)}  ${phase}${detail ? `, ${detail}` : ""}`);
    },
    finish() {
      end();
      const total = [...phases.values()].reduce((sum, ms) => sum + ms, 0);
      return [...phases, ["total", total] as const].map(([phase, ms]) => `${seconds(ms, 7)}  ${phase}`);
    },
  };
}
