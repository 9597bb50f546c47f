import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type * as z from "zod";

export type Journal<Entry> = {
  append(entry: Entry): void;
  /** Replaces the whole file atomically. */
  rewrite(entries: Entry[]): void;
};

/** Reads a file of JSON lines, and skips lines that a crash has cut off. */
export function readJournal<Entry>(file: string, schema: z.ZodType<Entry>): Entry[] {
  return readText(file)
    .split("\n")
    .flatMap((line) => {
      const entry = schema.safeParse(parseJson(line));
      return entry.success ? [entry.data] : [];
    });
}

/** Writes synchronously, so an email is on disk before its sender gets a response. Only the owner can read the file. */
export function openJournal<Entry>(file: string): Journal<Entry> {
  mkdirSync(dirname(file), { recursive: true });
  return {
    append(entry) {
      appendFileSync(file, toLine(entry), { mode: 0o600 });
    },
    rewrite(entries) {
      const draft = `${file}.${process.pid}.tmp`;
      writeFileSync(draft, entries.map(toLine).join(""), { mode: 0o600 });
      renameSync(draft, file);
    },
  };
}

function toLine(entry: unknown): string {
  return `${JSON.stringify(entry)}\n`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
