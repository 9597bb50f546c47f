/** Like `Promise.all`, but rejects only after every task has ended, so that no task writes files afterwards. */
export async function allDone<T extends readonly unknown[] | []>(
  tasks: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}
