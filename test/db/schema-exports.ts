import { readdir } from "node:fs/promises";

const folder = new URL("../../db/schema/", import.meta.url);
const modules: Record<string, unknown>[] = await Promise.all(
  (await readdir(folder)).map((file) => import(new URL(file, folder).href)),
);

/** Everything that the modules of db/schema/ export, by name. */
export const schema: Record<string, unknown> = Object.assign({}, ...modules);
