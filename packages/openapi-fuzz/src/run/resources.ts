import { matchesTemplate, type Operation } from "../document/operation.js";
import type { FuzzOptions } from "../options.js";
import { parseJson } from "../response/media-type.js";
import { type HttpResponse, locationPath } from "./connection.js";

/** Paths of resources that the run may use. */
export type Resources = {
  /** The path of a known resource for a template. */
  pick(template: string, choice: number): string | undefined;
  learn(op: Operation, path: string, response: HttpResponse): void;
  forget(path: string): void;
};

const capacity = 200;

/** The rest of a template that begins with the path of an operation. */
const tailOf = (op: Operation, template: string): string =>
  template.startsWith(op.path) ? template.slice(op.path.length) : "";

/** Learns the paths of resources and their subresources from the `Location` of a 201 and, with `listedIds`, from lists. */
export function createResources(
  operations: Operation[],
  { baseUrl, listedIds }: Pick<FuzzOptions, "baseUrl" | "listedIds">,
): Resources {
  const templates = [...new Set(operations.map(({ path }) => path))].filter((path) => path.includes("{"));
  const byTemplate = new Map(templates.map((template) => [template, new Set<string>()]));

  function add(path: string): void {
    const template = templates.find((one) => matchesTemplate(one, path));
    const paths = template === undefined ? undefined : byTemplate.get(template);
    if (!paths) return;
    paths.add(path);
    // Drop the oldest, so that a long run uses recent resources.
    const [oldest] = paths;
    if (paths.size > capacity && oldest !== undefined) paths.delete(oldest);
  }

  /** Adds a resource and its subresources: `/things/{id}` and `/things/{id}/parts`. */
  function addWithParts(path: string): void {
    add(path);
    const whole = templates.find((one) => matchesTemplate(one, path));
    if (whole === undefined) return;
    const parts = templates
      .filter((one) => one.startsWith(`${whole}/`))
      .map((one) => one.slice(whole.length));
    for (const part of parts) if (!part.includes("{")) add(path + part);
  }

  return {
    pick(template, choice) {
      const paths = [...(byTemplate.get(template) ?? [])];
      return paths[choice % Math.max(1, paths.length)];
    },
    learn(op, path, response) {
      const location = response.status === 201 && response.headers.get("location");
      const created = location ? locationPath(baseUrl, path, location) : undefined;
      if (created !== undefined) addWithParts(created);
      if (!listedIds || op.method !== "GET" || response.status !== 200) return;
      // The item itself, and what belongs to it: `/things/{id}` and `/things/{id}/parts`.
      const tails = templates.flatMap(
        (template) => /^\/\{[^{}/]+\}([^{}]*)$/.exec(tailOf(op, template))?.[1] ?? [],
      );
      if (tails.length === 0) return;
      for (const id of listedIds(parseJson(response.text))) {
        for (const tail of tails) add(`${path.split("?")[0]}/${encodeURIComponent(id)}${tail}`);
      }
    },
    forget(path) {
      for (const paths of byTemplate.values()) paths.delete(path);
    },
  };
}
