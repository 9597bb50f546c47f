import { access } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildDocument, formatDocument } from "../openapi/document.js";
import { problemsPage } from "./docs/problems-page.js";

/** The parts of a build that come from running the sources. The build bundles or copies the rest. */
export type DerivedFiles = {
  /** The OpenAPI document, as JSON. */
  document: string;
  problemsPage: string;
  /** URL patterns of the single-page app. */
  appPages: string[];
};

type RouteTable = typeof import("../../web/app/routes.js");

/** Derives the files of `root`. A process loads the sources only once, so later edits have no effect. */
export async function deriveFilesOf(root: string): Promise<DerivedFiles> {
  const file = join(root, "web/app/routes.ts");
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  return deriveFiles(exists ? await import(pathToFileURL(file).href) : undefined);
}

export const deriveFiles = async (app?: RouteTable): Promise<DerivedFiles> => ({
  document: formatDocument(buildDocument()),
  problemsPage: await problemsPage(),
  appPages: app ? app.routes.map(app.patternOf) : [],
});
