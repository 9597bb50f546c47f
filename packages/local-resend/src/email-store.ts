import { randomUUID } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { bareAddress, type Email } from "./email.js";
import { openJournal, readJournal } from "./journal.js";

const maxEmails = 1_000;
const keyLifetimeMs = 24 * 60 * 60 * 1_000;

const storedEmail = z.object({
  id: z.uuid(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  createdAt: z.iso.datetime(),
});
/** A request with an idempotency key. A retry within 24 hours gets the same response body. */
const keyedRequest = z.object({
  key: z.string(),
  fingerprint: z.string(),
  responseBody: z.unknown(),
  atMs: z.number(),
});
const entrySchema = z.object({
  mails: z.array(storedEmail).optional(),
  // A request in an older format must not discard the emails in its line.
  request: keyedRequest.optional().catch(undefined),
  emptied: z.literal(true).optional(),
});

export type StoredEmail = z.infer<typeof storedEmail>;
type KeyedRequest = z.infer<typeof keyedRequest>;
type Entry = z.infer<typeof entrySchema>;

/** Keeps received emails and idempotency keys. */
export type EmailStore = {
  /** Changes with the emails, and with every start. */
  version(): string;
  /** Newest first. */
  list(to?: string): StoredEmail[];
  find(id: string): StoredEmail | undefined;
  /** Stores the emails and, in the same write, the request that brought them. */
  accept(emails: Email[], toRequest: (ids: string[]) => Omit<KeyedRequest, "atMs"> | undefined): string[];
  findRequest(key: string): KeyedRequest | undefined;
  idempotencyKeys(): string[];
  empty(): void;
};

/** Without a directory, the store lives in memory. */
export function openEmailStore(dataDir: string | undefined, now: () => number): EmailStore {
  const file = dataDir === undefined ? undefined : join(dataDir, "resend.jsonl");
  const journal = file === undefined ? undefined : openJournal<Entry>(file);
  const startId = randomUUID();
  let emails: StoredEmail[] = [];
  let requests = new Map<string, KeyedRequest>();
  let changes = 0;
  let entriesWritten = 0;
  const isCurrent = ({ atMs }: KeyedRequest) => now() - atMs < keyLifetimeMs;

  function apply(entry: Entry): void {
    if (entry.emptied) emails = [];
    emails = [...emails, ...(entry.mails ?? [])].slice(-maxEmails);
    if (entry.request) requests.set(entry.request.key, entry.request);
    changes += 1;
  }

  function compact(): void {
    requests = new Map([...requests].filter(([, request]) => isCurrent(request)));
    journal?.rewrite([
      ...emails.map((email) => ({ mails: [email] })),
      ...[...requests.values()].map((request) => ({ request })),
    ]);
    entriesWritten = 0;
  }

  function write(entry: Entry): void {
    journal?.append(entry);
    apply(entry);
    entriesWritten += 1;
    if (entriesWritten >= maxEmails) compact();
  }

  if (file !== undefined) readJournal(file, entrySchema).forEach(apply);
  compact();

  return {
    version: () => `${startId}-${changes}`,
    list: (to) => emails.filter((email) => to === undefined || isFor(email, to)).reverse(),
    find: (id) => emails.find((email) => email.id === id),
    accept(received, toRequest) {
      const atMs = now();
      const accepted = received.map((email) => toStored(email, new Date(atMs)));
      const ids = accepted.map(({ id }) => id);
      const request = toRequest(ids);
      write({ mails: accepted, ...(request && { request: { ...request, atMs } }) });
      return ids;
    },
    findRequest(key) {
      const request = requests.get(key);
      return request && isCurrent(request) ? request : undefined;
    },
    idempotencyKeys: () => [...requests.values()].filter(isCurrent).map(({ key }) => key),
    empty: () => write({ emptied: true }),
  };
}

function isFor(email: StoredEmail, to: string): boolean {
  return email.to.some((recipient) => bareAddress(recipient) === bareAddress(to));
}

function toStored({ from, to, subject, text, html }: Email, createdAt: Date): StoredEmail {
  return { id: randomUUID(), from, to, subject, text, html, createdAt: createdAt.toISOString() };
}
