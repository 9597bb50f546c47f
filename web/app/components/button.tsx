import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { announce } from "../announce.js";
import { progressDelayMs } from "../progress-delay.js";

type Props = {
  children: ComponentChildren;
  kind?: "primary" | "plain" | "quiet" | "danger";
  type?: "button" | "submit";
  /** Set as `aria-disabled`, because `disabled` would lose the focus. */
  isBusy?: boolean;
  onClick?: (() => void) | undefined;
  autoFocus?: boolean;
};

export function Button({ children, kind = "plain", type = "button", isBusy = false, ...rest }: Props) {
  useEffect(() => {
    if (!isBusy) return;
    const timer = setTimeout(() => announce("Working on it…"), progressDelayMs);
    return () => clearTimeout(timer);
  }, [isBusy]);
  return (
    <button
      type={type}
      class={kind}
      aria-disabled={isBusy}
      onClick={isBusy ? (event) => event.preventDefault() : rest.onClick}
      ref={(button) => {
        if (rest.autoFocus) focusOnce(button);
      }}
    >
      {children}
      <span class="spinner" aria-hidden="true" />
    </button>
  );
}

const focused = new WeakSet<HTMLElement>();

function focusOnce(element: HTMLElement | null): void {
  if (!element || focused.has(element)) return;
  focused.add(element);
  element.focus();
}
