import type { components } from "@latchkey/client";
import { dataOf, ProblemError } from "@latchkey/client";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../announce.js";
import { latchkey } from "../latchkey.js";
import { deviceName } from "./device-name.js";

export type Session = components["schemas"]["Session"];

/** `pending`: the id of the session that is ending, or "others". */
type State = { sessions?: Session[]; pending?: string; failure?: unknown };

/** The sessions of the account. `end` and `endOthers` return whether they succeeded. */
export function useDevices() {
  const [{ sessions, pending, failure }, setState] = useState<State>({});

  async function load(signal?: AbortSignal): Promise<void> {
    setState({});
    try {
      const loaded = await dataOf(latchkey.api.GET("/api/auth/sessions", signal ? { signal } : {}));
      setState({ sessions: loaded.sessions });
    } catch (error) {
      if (!signal?.aborted) setState({ failure: error });
    }
  }

  useEffect(() => {
    const abort = new AbortController();
    void load(abort.signal);
    return () => abort.abort();
  }, []);

  /** Removes the sessions that `work` ends. One runs at a time. */
  async function run(key: string, work: () => Promise<unknown>, ends: (session: Session) => boolean) {
    if (pending || !sessions) return false;
    setState({ sessions, pending: key });
    try {
      await work();
    } catch (error) {
      setState({ sessions, failure: error });
      return false;
    }
    setState({ sessions: sessions.filter((session) => !ends(session)) });
    return true;
  }

  async function end({ id, device }: Session): Promise<boolean> {
    const path = { id };
    const isDone = await run(
      id,
      () => latchkey.api.DELETE("/api/auth/sessions/{id}", { params: { path } }).catch(ignoreMissing),
      (session) => session.id === id,
    );
    if (isDone) announce(`Signed out ${deviceName(device)}.`);
    return isDone;
  }

  async function endOthers(): Promise<boolean> {
    const isDone = await run(
      "others",
      () => latchkey.api.DELETE("/api/auth/sessions"),
      ({ current }) => !current,
    );
    if (isDone) announce("Signed out all other devices.");
    return isDone;
  }

  const dismiss = () => setState(sessions ? { sessions } : {});
  return { sessions, pending, failure, load: () => load(), end, endOthers, dismiss };
}

/** A session that is gone, because the account has too many or it was purged, has ended too. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof ProblemError && error.code === "not-found")) throw error;
}
