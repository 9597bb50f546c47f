import type { BuildResult } from "../build.js";
import { coreRoutes } from "./core-routes.js";
import { urlPath } from "./route-files.js";

const columns = ["function", "routes", "KB", "native KB", "modules", "import ms"];

const kilobytes = (bytes: number) => (bytes / 1024).toFixed(0);

/** A table of the built functions for the terminal. */
export function reportTable(functions: BuildResult["functions"]): string {
  const rows = functions.map((built) => [
    built.name,
    String(built.routes.length),
    kilobytes(built.bytes - built.nativeBytes),
    built.nativeBytes === 0 ? "" : kilobytes(built.nativeBytes),
    String(built.modules.length),
    built.importMs?.toFixed(0) ?? "",
  ]);
  const table = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join("  "))
    .join("\n");
}

/** A misspelled name in `coreRoutes` would silently move its route to the shared function. */
export function missingCoreRoutes(functions: BuildResult["functions"]): string[] {
  const served = new Set(functions.flatMap(({ routes }) => routes));
  return coreRoutes.filter((name) => !served.has(urlPath(name)));
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
