import { ProblemError } from "@latchkey/client";
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { Start } from "./components/start.js";
import { latchkey } from "./latchkey.js";
import type { ViewProps } from "./routes.js";

/** A view. `preload` loads its script, unless the page has started with it. */
export type View = ComponentType<ViewProps> & { preload?: () => void };

/** Makes views whose script loads when the first of them is opened. */
export function onDemand<Script>(load: () => Promise<Script>) {
  let script: Script | undefined;

  async function loadScript(): Promise<void> {
    script ??= await load().catch((cause: unknown) => {
      throw new ProblemError("unexpected", { status: 0, title: "The script did not load" }, { cause });
    });
  }

  return (viewIn: (script: Script) => ComponentType<ViewProps>): View => {
    function OnDemand(props: ViewProps) {
      const [, update] = useState<object>();
      const work = async (attempt: number) => {
        await (attempt === 0 ? loadScript() : reload());
        update({});
      };
      if (!script) return <Start what="this page" heading="This page did not load" work={work} />;
      const Loaded = viewIn(script);
      return <Loaded {...props} />;
    }
    // Opening the view tries again, and shows the failure.
    return Object.assign(OnDemand, { preload: () => void loadScript().catch(() => {}) });
  };
}

/**
 * Browsers remember a failed import until the page reloads, and after a deployment only the new page knows the new
 * address of the script. Typed text survives a reload, but not the browser's error page, so the server must respond.
 */
async function reload(): Promise<void> {
  await latchkey.api.GET("/api/health");
  location.reload();
}
