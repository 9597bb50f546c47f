import { act, actors, newPerson, type Person, type Row, type Step } from "../subjects/dialect.js";
import type { MailKind, Running, Subject } from "../subjects/subject.js";

/** Those who stay for as long as a subject runs: a reader with 20 tasks, an operator, and a caller for each connection. */
export type Crew = { reader: Person; admin: Person | null; crowd: Person[] };

export const connections = 16;
const tasksOfReader = 20;

export function stepOf({ id, dialect }: Subject, row: Row): Step {
  const step = dialect[row];
  if (!step) throw new Error(`${id} has no ${row}`);
  return step;
}

export const regularsOf = ({ reader, admin }: Crew): Person[] => [reader, ...(admin ? [admin] : [])];

/** Whom a row acts for, unless it is somebody new each time. */
export function regularOf(row: Row, { reader, admin }: Crew): Person | null {
  if (actors[row] === "each") return null;
  return actors[row] === "admin" ? admin : reader;
}

export async function readLinks(running: Running, kind: MailKind, people: readonly Person[]): Promise<void> {
  for (const person of people) person.kept.link = await running.link(kind, person.email);
}

/** Somebody who has registered, followed the mail and logged in. */
async function join(subject: Subject, running: Running): Promise<Person> {
  const person = newPerson(running.port);
  await act(stepOf(subject, "register"), person);
  await readLinks(running, "verify", [person]);
  await act(stepOf(subject, "verify"), person);
  await act(stepOf(subject, "login"), person);
  return person;
}

/** @param accounts whether the callers of a load need accounts of their own: those of reads do not */
export async function gather(subject: Subject, running: Running, accounts: boolean): Promise<Crew> {
  const reader = await join(subject, running);
  for (let i = 0; i < tasksOfReader; i += 1) await act(stepOf(subject, "create"), reader);
  const victim = running.promote ? await join(subject, running) : null;
  const admin = running.promote ? await join(subject, running) : null;
  if (admin && victim) {
    await running.promote?.(admin.email);
    admin.kept.user = victim.kept.user;
    victim.connection.close();
  }
  const caller = () => (accounts ? join(subject, running) : newPerson(running.port));
  const crowd = await Promise.all(Array.from({ length: connections }, caller));
  return { reader, admin, crowd };
}

export function dismiss(crew: Crew): void {
  for (const { connection } of [...regularsOf(crew), ...crew.crowd]) connection.close();
}

/**
 * Whether a subject is real: a wrong password, no token and another's tasks must all come to nothing.
 * @throws Error when one of them does not
 */
export async function checkHonesty(subject: Subject, running: Running, { reader }: Crew): Promise<void> {
  const stranger = await join(subject, running);
  const login = stepOf(subject, "login");
  const wrong = { ...stranger, password: "not the password" };
  await act({ call: (p) => ({ ...login.call(p), status: 401 }) }, wrong);

  const list = stepOf(subject, "list");
  await act({ call: (p) => ({ ...list.call(p), headers: {}, status: 401 }) }, stranger);
  const own = tasksIn((await act(list, reader)).answer.text);
  if (own !== tasksOfReader) throw new Error(`${subject.id}: the reader sees ${own} tasks`);
  const others = tasksIn((await act(list, stranger)).answer.text);
  if (others !== 0) throw new Error(`${subject.id}: a stranger sees ${others} tasks`);
  const { read } = subject.dialect;
  if (read) {
    stranger.kept.task = reader.kept.task;
    await act({ call: (p) => ({ ...read.call(p), status: 404 }) }, stranger);
  }
  stranger.connection.close();
}

const tasksIn = (text: string): number => JSON.parse(text).data.length;
