import type { Received } from "./caller.js";
import { matches, type Operation } from "./document.js";

/** Paths of resources that the run has come across. */
export type Resources = {
  /** The path of a known one for a template, or undefined. */
  pick(template: string, pick: number): string | undefined;
  learn(op: Operation, answer: Received): void;
  forget(path: string): void;
};

const kept = 200;

/**
 * Learns from `Location`; where everything belongs to the run (`ownsAll`), from lists too, whose items have an `id`
 * and are not protected.
 */
export function createResources(
  operations: Operation[],
  ownsAll: boolean,
  isProtected: (item: Record<string, unknown>) => boolean,
): Resources {
  const templates = [...new Set(operations.map(({ path }) => path))].filter((path) => path.includes("{"));
  const found = new Map(templates.map((template) => [template, new Set<string>()]));

  function add(path: string): void {
    const template = templates.find((one) => matches(one, path));
    const paths = template === undefined ? undefined : found.get(template);
    if (!paths) return;
    paths.add(path);
    // The oldest goes, so that a long run deals with what is new.
    const [oldest] = paths;
    if (paths.size > kept && oldest !== undefined) paths.delete(oldest);
  }

  return {
    pick(template, pick) {
      const paths = [...(found.get(template) ?? [])];
      return paths[pick % Math.max(1, paths.length)];
    },
    learn(op, answer) {
      const location = answer.headers.get("location");
      if (answer.status === 201 && location) add(new URL(location, "http://localhost").pathname);
      if (!ownsAll || op.method !== "GET" || answer.status !== 200) return;
      if (!templates.some((template) => template.startsWith(`${op.path}/{`))) return;
      const { data } = JSON.parse(answer.text) as { data?: Record<string, unknown>[] };
      for (const item of data ?? []) if (!isProtected(item)) add(`${op.path}/${item["id"]}`);
    },
    forget(path) {
      for (const paths of found.values()) paths.delete(path);
    },
  };
}
