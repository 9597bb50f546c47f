import { execFile } from "node:child_process";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Launch options that tell Playwright which browser to use. */
export type ChromiumLaunch = { executablePath: string; env?: Record<string, string> } | { channel: string };

/** The Chromium of @sparticuz/chromium on Linux x64, and the installed Chrome on other platforms. */
export async function findChromium(): Promise<ChromiumLaunch> {
  const chosen = process.env["CHROMIUM_PATH"];
  if (chosen) return { executablePath: chosen };
  if (platform() !== "linux" || arch() !== "x64") return { channel: "chrome" };
  const { executablePath, libraries } = await unpackChromium();
  if (!(await lacksLibraries(executablePath))) return { executablePath };
  return { executablePath, env: { ...definedEnv(), LD_LIBRARY_PATH: libraries } };
}

/** A bare machine lacks shared libraries. The package unpacks them only if it believes that it runs on Lambda. */
async function unpackChromium(): Promise<{ executablePath: string; libraries: string }> {
  const before = { ...process.env };
  process.env["AWS_EXECUTION_ENV"] = "AWS_Lambda_nodejs22.x";
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    return { executablePath: await chromium.executablePath(), libraries: join(tmpdir(), "al2023", "lib") };
  } finally {
    // The package changes where every child process looks for libraries. Only the browser needs that.
    for (const name of ["AWS_EXECUTION_ENV", "LD_LIBRARY_PATH", "FONTCONFIG_PATH"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

async function lacksLibraries(executable: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)("ldd", [executable]);
  return stdout.includes("not found");
}

const definedEnv = () =>
  Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
