/** No page is read before the reader asks for it. */
const strategy = { highWaterMark: 0 };

/**
 * The texts of a file, in UTF-8, each read when the reader wants more: the stream holds one at a time, however slow the
 * reader is. If the source throws, the stream breaks off.
 */
export function fileStream(texts: AsyncIterator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await texts.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await texts.return?.();
      },
    },
    strategy,
  );
}
