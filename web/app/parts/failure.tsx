import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { Button } from "./button.js";
import { failureText } from "./failure-text.js";

type Props = {
  error: unknown;
  /** Instead of the error's own. */
  title?: string;
  onRetry?: (() => void) | undefined;
  onDismiss?: (() => void) | undefined;
  /** More that helps. */
  children?: ComponentChildren;
};

export function Failure({ error, title, onRetry, onDismiss, children }: Props) {
  // Once for each error: the time to try again is counted from its answer.
  const text = useMemo(() => failureText(error), [error]);
  return (
    <div class="notice bad" role="alert">
      <strong>{title ?? text.title}</strong>
      <p>{text.text}</p>
      {text.requestId && (
        <p class="fine">
          Request id <code>{text.requestId}</code>
        </p>
      )}
      {children}
      {(onRetry || onDismiss) && (
        <div class="actions">
          {onRetry && <Button onClick={onRetry}>Try again</Button>}
          {onDismiss && <Button onClick={onDismiss}>Dismiss</Button>}
        </div>
      )}
    </div>
  );
}
