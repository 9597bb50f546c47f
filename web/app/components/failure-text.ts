import { ProblemError } from "@latchkey/client";
import { dateTime } from "../users/date-time.js";

/** The text of an error notice. */
export type FailureText = { title: string; text: string; requestId: string | undefined };

export function failureText(error: unknown): FailureText {
  if (!(error instanceof ProblemError)) {
    return { title: "Something went wrong", text: "Reload the page and try again.", requestId: undefined };
  }
  return { ...problemText(error), requestId: error.requestId };
}

function problemText(error: ProblemError): { title: string; text: string } {
  const tryAgain = `Please try again ${whenToRetry(error.retryAfter)}.`;
  const nothingLost = "Nothing you typed is lost.";
  switch (error.code) {
    case "network":
      return {
        title: "No connection",
        text: `We could not reach the server. ${nothingLost} Check your connection and try again.`,
      };
    case "timeout":
      return {
        title: "No response",
        text: `The server took too long to respond. ${nothingLost} Please try again.`,
      };
    case "rate-limited":
      return { title: "Too many requests", text: tryAgain };
    case "quota-exceeded":
      return { title: error.title, text: `${error.detail ?? ""} Delete some to make room.`.trim() };
    case "database-unavailable":
    case "server-misconfigured":
      return { title: "Temporarily unavailable", text: `${nothingLost} ${tryAgain}` };
    case "invalid-request":
      return {
        title: "Please check what you entered",
        text: error.detail ?? "The server did not accept it.",
      };
    case "unexpected":
      return { title: "Something went wrong", text: `${nothingLost} ${tryAgain}` };
    default:
      return { title: error.title, text: error.detail ?? adviceFor(error) };
  }
}

function adviceFor({ code, status, reason, until }: ProblemError): string {
  switch (code) {
    case "invalid-credentials":
      return "Check both, or reset your password.";
    case "step-up-required":
      return "Sign out, sign in again, and retry.";
    case "account-banned":
      return banText(reason, until);
    case "account-closed":
      return "Reopen it first.";
    case "email-outdated":
      return "Its link no longer works, or it is too old. You can drop it.";
    case "email-sent":
      return "It has just left. Reload the page to see what is still waiting.";
    case "forbidden":
      return "Your account does not have the required role.";
    case "not-found":
      return "It no longer exists.";
    case "last-admin":
      return "There must always be at least one admin.";
    case "payload-too-large":
      return "Please shorten what you entered.";
  }
  return status >= 500 ? "Please try again in a moment." : "Reload the page and try again.";
}

/** The terms are known after the correct password only. */
function banText(reason: string | null | undefined, until: string | null | undefined): string {
  const why = reason ? `The reason that an admin gave: “${reason}”. ` : "";
  const end = until ? `You can sign in again after ${dateTime(until)}. ` : "";
  return `${why}${end}Contact an admin if you think this is a mistake.`;
}

/** “in 2 minutes (at 14:05)”: the time of day stays correct while the notice is on screen. */
function whenToRetry(seconds: number | undefined): string {
  if (seconds === undefined || seconds < 1) return "in a moment";
  if (seconds < 90) return `in ${quantity(seconds, "second")}`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes >= 90) return `in ${quantity(Math.ceil(minutes / 60), "hour")}`;
  const time = new Date(Date.now() + seconds * 1000).toLocaleTimeString([], {
    hour: "numeric",
    minute: "2-digit",
  });
  return `in ${quantity(minutes, "minute")} (at ${time})`;
}

const quantity = (value: number, unit: string) =>
  new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(value);
