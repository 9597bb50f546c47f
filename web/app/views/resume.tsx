import { useEffect, useState } from "preact/hooks";
import { Failure } from "../parts/failure.js";
import { Loading } from "../parts/loading.js";
import { latchkey } from "../session.js";

/** While it is found out who is signed in, and when that cannot be found out. */
export default function Resume() {
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    setFailure(undefined);
    latchkey.resume().catch(setFailure);
  }, [attempt]);
  if (failure === undefined) return <Loading what="your account" />;
  return (
    <div class="narrow lone">
      <h1>Latchkey</h1>
      <Failure error={failure} onRetry={() => setAttempt(attempt + 1)} />
    </div>
  );
}
