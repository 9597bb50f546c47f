import { ProblemError } from "@latchkey/client";

/** What a person reads about something that failed. */
export type FailureText = { title: string; text: string; requestId: string | undefined };

export function failureText(error: unknown): FailureText {
  if (!(error instanceof ProblemError)) {
    return { title: "Something went wrong", text: "Load the page again and retry.", requestId: undefined };
  }
  const { title, detail, requestId } = error;
  const again = `Nothing you typed is lost. Please try again ${whenToRetry(error.retryAfter)}.`;
  switch (error.code) {
    case "network":
      return {
        title: "No connection",
        text: "The server was not reached. Nothing you typed is lost; check your connection and try again.",
        requestId,
      };
    case "timeout":
      return {
        title: "No answer",
        text: "The server took too long. Nothing you typed is lost; please try again.",
        requestId,
      };
    case "rate-limited":
      return {
        title: "Too many attempts",
        text: `Please try again ${whenToRetry(error.retryAfter)}.`,
        requestId,
      };
    case "database-unavailable":
    case "server-misconfigured":
      return { title: "Not available at the moment", text: again, requestId };
    case "invalid-request":
      return {
        title: "Please check what you entered",
        text: detail ?? "What is wrong stands next to it.",
        requestId,
      };
    case "unexpected":
      return { title, text: again, requestId };
    default:
      return { title, text: detail ?? advice(error), requestId };
  }
}

function advice({ code, status }: ProblemError): string {
  switch (code) {
    case "invalid-credentials":
      return "Check both, or set a new password.";
    case "email-not-verified":
      return "Open the link in the mail that we sent you.";
    case "account-banned":
      return "Ask an administrator.";
    case "conflict":
      return "The last administrator has to stay one.";
    case "not-found":
      return "It was deleted meanwhile.";
    default:
      return status >= 500 ? "Please try again in a moment." : "Please check what you entered.";
  }
}

/** “in 2 minutes (at 14:05)”: the clock time stays true while the text stands. */
function whenToRetry(seconds: number | undefined): string {
  if (seconds === undefined || seconds < 1) return "in a moment";
  const time = new Date(Date.now() + seconds * 1000).toLocaleTimeString([], {
    hour: "numeric",
    minute: "2-digit",
  });
  if (seconds < 90) return `in ${quantity(seconds, "second")}`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90
    ? `in ${quantity(minutes, "minute")} (at ${time})`
    : `in ${quantity(Math.ceil(minutes / 60), "hour")}`;
}

const quantity = (value: number, unit: string) =>
  new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(value);
