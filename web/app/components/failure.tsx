import { useMemo } from "preact/hooks";
import { Button } from "./button.js";
import { failureText } from "./failure-text.js";

type Props = {
  error: unknown;
  /** Replaces the error's own title. */
  title?: string;
  onRetry?: (() => void) | undefined;
  onDismiss?: (() => void) | undefined;
  dismissLabel?: string;
};

export function Failure({ error, title, onRetry, onDismiss, dismissLabel = "Dismiss" }: Props) {
  // Computed once per error, because the time of the next try counts from the response.
  const text = useMemo(() => failureText(error), [error]);
  return (
    <div class="notice error" role="alert">
      <strong>{title ?? text.title}</strong>
      <p>{text.text}</p>
      {text.requestId && (
        <p class="fine-print">
          Request ID <code>{text.requestId}</code>
        </p>
      )}
      {(onRetry || onDismiss) && (
        <div class="actions">
          {onRetry && <Button onClick={onRetry}>Try again</Button>}
          {onDismiss && <Button onClick={onDismiss}>{dismissLabel}</Button>}
        </div>
      )}
    </div>
  );
}
