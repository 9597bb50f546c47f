import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

let isFirst = true;

type Props = {
  title: string;
  children: ComponentChildren;
  width?: "narrow" | "wide";
  lead?: ComponentChildren;
};

/** A view with its heading. The heading titles the document and, except on page load, takes the focus. */
export function Page({ title, lead, children, width = "wide" }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Latchkey`;
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [title]);
  return (
    <div class={width}>
      <h1 tabIndex={-1} ref={heading} dir="auto">
        {title}
      </h1>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </div>
  );
}
