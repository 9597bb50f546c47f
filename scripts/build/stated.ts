import { access } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildDocument, formatDocument } from "../openapi/document.js";
import { problemsPage } from "./docs/problems-page.js";

/** What the sources state themselves, and so is known by running them; all else the build bundles or copies. */
export type Stated = {
  /** The API's, as JSON. */
  document: string;
  problemsPage: string;
  /** The patterns of the addresses that the single-page app answers. */
  appPages: string[];
};

type RouteTable = typeof import("../../web/app/routes.js");

/** As it stood when this process first loaded it. */
export async function statedBy(root: string): Promise<Stated> {
  const file = join(root, "web/app/routes.ts");
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  return state(exists ? await import(pathToFileURL(file).href) : undefined);
}

export const state = async (app?: RouteTable): Promise<Stated> => ({
  document: formatDocument(buildDocument()),
  problemsPage: await problemsPage(),
  appPages: app ? app.routes.map(app.patternOf) : [],
});
