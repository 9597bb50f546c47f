import type { NeonControl } from "@latchkey/local-neon";
import type { ResendControl } from "@latchkey/local-resend";
import { inject, onTestFinished } from "vitest";
import type { Client } from "./client.js";
import { type LaunchedStack, launchStack } from "./launch-stack.js";

/** A running Latchkey: the built functions on the local Vercel, a database, and the shared local Resend. */
export type Stack = {
  origin: string;
  env: Record<string, string>;
  databaseName: string;
  /** The connection string of the role that owns the tables. That of the functions is in `env`. */
  ownerUrl: string;
  neon: NeonControl;
  mailbox: ResendControl;
  /** Queries the database directly and as the owner of the tables, bypassing the functions. */
  sql(text: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Every JSON line that the functions have printed. */
  logs(): LogLine[];
  /** Everything that the functions have printed, unparsed. */
  output(): string;
  /** Waits for a log line: the functions print it after the response. */
  waitForLog(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** A new caller with a separate address and an empty cookie jar. */
  client(): Client;
  /** Resolves when no request and no work after a response is in progress. */
  waitUntilIdle(): Promise<void>;
  /** Loads the functions again: what their instances remembered is gone. */
  restart(): Promise<void>;
  /** Ends the functions with SIGKILL, in the middle of their work. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

export type LogLine = Record<string, unknown> & { level: string; msg: string; request_id?: string };

export type StackOptions = {
  /** "postgres" by default, or PGlite where Postgres cannot start. */
  database?: "postgres" | "pglite";
  /** Uses the database and the variables of this stack, which must outlive the new one. */
  sharing?: Stack;
  /** Replaces variables; `undefined` removes one. */
  env?: Record<string, string | undefined>;
  /** Where Vercel says that the callers are. */
  geo?: { city: string; country: string };
  /** Whether to keep the output of the functions; true by default. */
  keepsLogs?: boolean;
};

/** Whether this run has a real Postgres, which tests of races need. */
export const hasPostgres = (): boolean => inject("shared").postgres !== null;

/** Without options, reuses the stack of an earlier test file in this worker, with an emptied database. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const isReusable = Object.keys(options).length === 0 && hasPostgres();
  return isReusable ? borrowStack() : withLogs(await launchStack(options));
}

/** A stack for one test only, which may break it. */
export async function startStackForTest(options: StackOptions = {}): Promise<Stack> {
  const stack = withLogs(await launchStack(options));
  onTestFinished(() => stack.stop());
  return stack;
}

/** The stack that the test files of this worker share: a new one costs two seconds of CPU. */
let idleStack: LaunchedStack | undefined;
let isLent = false;

async function borrowStack(): Promise<Stack> {
  if (isLent) return withLogs(await launchStack());
  isLent = true;
  const stack = idleStack ?? (await launchStack());
  idleStack = stack;
  const printedBefore = stack.lines().length;
  return {
    ...withLogs({ ...stack, lines: () => stack.lines().slice(printedBefore) }),
    async kill() {
      idleStack = undefined;
      await stack.kill();
    },
    async stop() {
      isLent = false;
      if (idleStack !== stack) return stack.stop();
      // Unset until the stack is clean: a failure in between must not pass a dirty stack on.
      idleStack = undefined;
      await stack.neon.heal(stack.databaseName);
      await stack.waitUntilIdle();
      await truncateTables(stack);
      await stack.neon.reset(stack.databaseName);
      idleStack = stack;
    },
  };
}

function withLogs(stack: LaunchedStack): Stack {
  const { lines } = stack;
  const parsed: LogLine[] = [];
  let linesParsed = 0;
  // `waitForLog` polls this, so it parses each line once.
  const logs = () => {
    const newLines = lines().slice(linesParsed);
    linesParsed += newLines.length;
    parsed.push(...newLines.flatMap(parseLine));
    return [...parsed];
  };
  return {
    ...stack,
    logs,
    output: () => lines().join("\n"),
    waitForLog: (matches) => waitFor(() => logs().find(matches)),
  };
}

function parseLine(line: string): LogLine[] {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return [];
  }
}

async function truncateTables({ sql }: Pick<Stack, "sql">): Promise<void> {
  const tables = await sql(
    "select format('%I', tablename) as name from pg_tables where schemaname = 'public'",
  );
  await sql(`truncate ${tables.map(({ name }) => name).join(", ")} cascade`);
}

/** Polls until `look` returns a value. @throws Error with the text of `failure` */
export async function waitFor<T>(
  look: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 30_000,
  failure = () => `no value within ${timeoutMs} ms`,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(failure());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
