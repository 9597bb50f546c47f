import type * as z from "zod";
import { isLocalHost } from "./env/formats.js";
import { type EnvName, isRequired, type Variable, variables } from "./env/variables.js";

type OptionalName = {
  [K in EnvName]: (typeof variables)[K] extends { fallback: unknown } ? K : never;
}[EnvName];
type Fallback<K extends EnvName> = (typeof variables)[K] extends { fallback: infer F } ? F : never;
type Value<K extends EnvName> = z.output<ReturnType<(typeof variables)[K]["schema"]>> | Fallback<K>;

export type RequiredEnvName = Exclude<EnvName, OptionalName>;

/** The values of the named variables, and of all optional ones. */
export type Env<N extends EnvName> = { [K in N | OptionalName]: Value<K> };

export type EnvFault = { name: EnvName; kind: "missing" | "invalid"; why: string; hint: string };

/** Lists every bad variable. Never carries a value. */
export class EnvError extends Error {
  readonly faults: EnvFault[];
  constructor(faults: EnvFault[]) {
    super(faults.map((fault) => `${fault.name} ${fault.why}`).join("; "));
    this.name = "EnvError";
    this.faults = faults;
  }
}

type Source = Record<string, string | undefined>;

const envNames = Object.keys(variables) as EnvName[];

/**
 * Reads and checks the named variables and all optional ones. Without names it returns the defaults and reads
 * nothing, so that a bad variable cannot stop /api/health.
 * @throws EnvError that lists every missing, invalid or contradictory variable
 */
export function readEnv<const N extends EnvName>(names: readonly N[], source: Source = process.env): Env<N> {
  const faults: EnvFault[] = [];
  const values: Record<string, unknown> = {};
  for (const name of envNames.filter((name) => isNamed(names, name) || !isRequired(name))) {
    const { schema, hint, fallback }: Variable = variables[name];
    const raw = names.length > 0 ? source[name]?.trim() : "";
    if (!raw) {
      if (isRequired(name)) faults.push({ name, kind: "missing", why: "is missing", hint });
      else values[name] = fallback;
      continue;
    }
    const parsed = schema().safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else faults.push({ name, kind: "invalid", why: parsed.error.issues[0]?.message ?? "is invalid", hint });
  }
  faults.push(...contradictions(values, source));
  if (faults.length > 0) throw new EnvError(faults);
  return values as Env<N>;
}

const isNamed = (names: readonly EnvName[], name: EnvName) => names.includes(name);

function contradictions(values: Record<string, unknown>, source: Source): EnvFault[] {
  const appUrl = typeof values["APP_URL"] === "string" ? new URL(values["APP_URL"]) : undefined;
  if (!appUrl) return [];
  const faults: EnvFault[] = [];
  const add = (name: EnvName, why: string) =>
    faults.push({ name, kind: "invalid", why, hint: variables[name].hint });
  // Links in real emails would point at the reader's own machine.
  if (source["VERCEL_ENV"] === "production" && isLocalHost(appUrl.hostname))
    add("APP_URL", "names localhost in production");
  if (values["COOKIE_SAMESITE"] === "None" && appUrl.protocol !== "https:")
    add("COOKIE_SAMESITE", "is None, which browsers accept on https only");
  return faults;
}

/** Vercel's description of the running function. */
export type Platform = { environment: string; region: string | undefined; commit: string | undefined };

export const readPlatform = (source: Source = process.env): Platform => ({
  environment: source["VERCEL_ENV"] ?? "local",
  region: source["VERCEL_REGION"],
  commit: source["VERCEL_GIT_COMMIT_SHA"],
});
