import { useEffect, useState } from "preact/hooks";
import { Failure } from "./failure.js";
import { Loading } from "./loading.js";

type Props = {
  what: string;
  /** The heading if the work fails. */
  heading: string;
  /** `attempt` counts from 0. */
  work: (attempt: number) => Promise<unknown>;
};

/** Shown until the work is done that the view on screen needs to start. If it fails, this offers to try again. */
export function Start({ what, heading, work }: Props) {
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    setFailure(undefined);
    work(attempt).catch(setFailure);
  }, [attempt]);
  if (failure === undefined) return <Loading what={what} />;
  return (
    <div class="narrow message-page">
      <h1>{heading}</h1>
      <Failure error={failure} onRetry={() => setAttempt(attempt + 1)} />
    </div>
  );
}
