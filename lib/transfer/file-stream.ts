/** With this mark, no page is read before the reader asks for it. */
const strategy = { highWaterMark: 0 };

/**
 * Streams the texts of a file in UTF-8. It pulls the next one when the reader wants more, so a slow reader never makes it
 * buffer more than one. If the source throws, the stream breaks off.
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
