import { newPerson, type Operation, type Person, perform } from "../subjects/api.js";
import { accountOf, type Row } from "../subjects/rows.js";
import type { EmailKind, RunningSubject, Subject } from "../subjects/subject.js";

/** The users of one running subject: a reader with 20 tasks, and an admin who knows the id of another user. */
export type TestUsers = { reader: Person; admin: Person | null };

export const connections = 16;
/** Few, because on a busy machine the last of 16 passwords would wait longer than Latchkey allows. */
const concurrentSignUps = 4;
const readerTasks = 20;

export function operationOf({ id, api }: Subject, row: Row): Operation {
  const operation = api[row];
  if (!operation) throw new Error(`${id} does not support ${row}`);
  return operation;
}

export const readerAndAdmin = ({ reader, admin }: TestUsers): Person[] => [reader, ...(admin ? [admin] : [])];

/** The shared user that a row runs as, or null when each sample needs a new person. */
export function sharedUserOf(row: Row, { reader, admin }: TestUsers): Person | null {
  if (accountOf[row] === "each") return null;
  return accountOf[row] === "admin" ? admin : reader;
}

export async function readLinks(running: RunningSubject, kind: EmailKind, people: readonly Person[]) {
  for (const person of people) person.state.link = await running.emailedToken(kind, person.email);
}

/** Creates a person with a confirmed account and a session. */
async function signUp(subject: Subject, running: RunningSubject): Promise<Person> {
  const person = newPerson(running.port);
  await perform(operationOf(subject, "register"), person);
  await readLinks(running, "verify", [person]);
  await perform(operationOf(subject, "verify"), person);
  await perform(operationOf(subject, "login"), person);
  return person;
}

/** Signs up a person with 20 tasks. */
async function signUpReader(subject: Subject, running: RunningSubject): Promise<Person> {
  const reader = await signUp(subject, running);
  for (let i = 0; i < readerTasks; i += 1) await perform(operationOf(subject, "create"), reader);
  return reader;
}

export async function createTestUsers(subject: Subject, running: RunningSubject): Promise<TestUsers> {
  const reader = await signUpReader(subject, running);
  const target = running.promote ? await signUp(subject, running) : null;
  const admin = running.promote ? await signUp(subject, running) : null;
  if (admin && target) {
    await running.promote?.(admin.email);
    admin.state.userId = target.state.userId;
    target.connection.close();
  }
  return { reader, admin };
}

/** A person for each connection of one load: new ones, because a load may use up what one account may do. */
export async function createCallers(
  subject: Subject,
  running: RunningSubject,
  { admin }: TestUsers,
  row: Row,
): Promise<Person[]> {
  const callers: Person[] = [];
  while (callers.length < connections) {
    const signUps = Array.from({ length: concurrentSignUps }, () => signUpReader(subject, running));
    callers.push(...(await Promise.all(signUps)));
  }
  if (accountOf[row] !== "admin") return callers;
  for (const caller of callers) {
    await running.promote?.(caller.email);
    caller.state.userId = admin?.state.userId ?? "";
  }
  return callers;
}

export function closeConnections(people: readonly Person[]): void {
  for (const { connection } of people) connection.close();
}

/**
 * Proves that a subject does real work: it must refuse a wrong password and a missing token, and must not show the
 * reader's tasks to another user.
 * @throws Error when it fails to do so
 */
export async function checkAuthorization(
  subject: Subject,
  running: RunningSubject,
  { reader }: TestUsers,
): Promise<void> {
  const stranger = await signUp(subject, running);
  const login = operationOf(subject, "login");
  const impostor = { ...stranger, password: "not the password" };
  await perform({ request: (p) => ({ ...login.request(p), status: 401 }) }, impostor);

  const list = operationOf(subject, "list");
  await perform({ request: (p) => ({ ...list.request(p), headers: {}, status: 401 }) }, stranger);
  const readerSees = countTasks((await perform(list, reader)).response.text);
  if (readerSees !== readerTasks) throw new Error(`${subject.id}: the reader sees ${readerSees} tasks`);
  const strangerSees = countTasks((await perform(list, stranger)).response.text);
  if (strangerSees !== 0) throw new Error(`${subject.id}: a stranger sees ${strangerSees} tasks`);
  const { read } = subject.api;
  if (read) {
    stranger.state.taskId = reader.state.taskId;
    await perform({ request: (p) => ({ ...read.request(p), status: 404 }) }, stranger);
  }
  stranger.connection.close();
}

const countTasks = (text: string): number => JSON.parse(text).data.length;
