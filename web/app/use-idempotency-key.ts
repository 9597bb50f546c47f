import { useRef } from "preact/hooks";

type IdempotencyKey = {
  /** The key of a request: the same while its content is, so that the server recognizes a retry. */
  keyFor(content: string): string;
  /** To be called after a success: the same content is then a new request. */
  renew(): void;
};

export function useIdempotencyKey(): IdempotencyKey {
  const last = useRef<{ content: string; key: string }>(null);
  return {
    keyFor(content) {
      if (last.current?.content !== content) last.current = { content, key: crypto.randomUUID() };
      return last.current.key;
    },
    renew() {
      last.current = null;
    },
  };
}
