import fc from "fast-check";
import { type Browser, browserCount, type World } from "./world.js";

/** Steps of a run change one world, which is both the model and the way to the real system. */
type Step = fc.AsyncCommand<World, World>;

type Rules = {
  /** Whether the step makes sense now. */
  when?: (world: World) => boolean;
  /** Sends the requests, expects their responses, and changes the model in the same way. */
  run: (world: World) => Promise<void>;
};

/** How often each step has run. */
export const stepCounts = new Map<string, number>();

const countStep = (name: string, count: number) => stepCounts.set(name, (stepCounts.get(name) ?? 0) + count);

export function step(name: string, { when = () => true, run }: Rules, kind = name): Step {
  countStep(kind, 0);
  return {
    check: when,
    async run(world) {
      countStep(kind, 1);
      // Other tests are about budgets.
      await world.stack.sql("delete from throttle");
      await run(world);
    },
    toString: () => name,
  };
}

export type BrowserRules = {
  when?: (browser: Browser, world: World) => boolean;
  run: (browser: Browser, world: World) => Promise<void>;
};

/** A step in one of the browsers. */
export const browserStep = (name: string, rules: BrowserRules): fc.Arbitrary<Step> => {
  countStep(name, 0);
  return fc.nat({ max: browserCount - 1 }).map((index) => stepIn(index, name, rules));
};

/** The step in one browser. */
export function stepIn(index: number, name: string, { when = () => true, run }: BrowserRules): Step {
  const pick = ({ browsers }: World): Browser => {
    const browser = browsers[index];
    if (!browser) throw new Error(`no browser ${index}`);
    return browser;
  };
  const placed = {
    when: (world: World) => when(pick(world), world),
    run: (world: World) => run(pick(world), world),
  };
  return step(`${name} in browser ${index}`, placed, name);
}

export const isSignedIn = ({ session }: Browser): boolean => session !== null;
