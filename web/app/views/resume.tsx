import { useEffect, useState } from "preact/hooks";
import { Failure } from "../components/failure.js";
import { Loading } from "../components/loading.js";
import { latchkey } from "../latchkey.js";

/** Shown until a session that the browser seems to have is looked up. If that fails, it offers to try again. */
export function Resume() {
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    setFailure(undefined);
    latchkey.resume().catch(setFailure);
  }, [attempt]);
  if (failure === undefined) return <Loading what="your account" />;
  return (
    <div class="narrow message-page">
      <h1>Latchkey</h1>
      <Failure error={failure} onRetry={() => setAttempt(attempt + 1)} />
    </div>
  );
}
