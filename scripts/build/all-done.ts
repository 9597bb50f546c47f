/** As `Promise.all`, but a failure waits for the others to end, so that none writes files afterwards. */
export async function allDone<T extends readonly unknown[] | []>(
  tasks: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}
