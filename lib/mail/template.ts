import type { LinkPurpose } from "../../db/schema/links.js";
import { linkSeconds } from "../auth/limits.js";
import type { EmailContent } from "./layout.js";
import type { LeasedEmail } from "./queries.js";

/** The request that caused the email. */
export type Cause = Pick<LeasedEmail, "createdAt" | "device" | "place" | "banReason" | "bannedUntil">;

/** `about`: the address of another account, if the email is about one that still exists. */
export type Template = (
  link: (purpose: LinkPurpose) => string,
  appUrl: string,
  about: string | null,
  cause: Cause,
) => EmailContent;

/** In words: "one hour", "24 hours". */
export const hoursOf = (seconds: number): string => {
  const hours = seconds / 3600;
  return hours === 1 ? "one hour" : `${hours} hours`;
};

export const lifetime = (purpose: LinkPurpose): string => hoursOf(linkSeconds[purpose]);

const timeFormat = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "long",
  timeStyle: "short",
  timeZone: "UTC",
});

const momentOf = (time: string): string => `${timeFormat.format(new Date(time))} UTC`;

export const timeOf = ({ createdAt }: Cause): string => `Time: ${momentOf(createdAt)}`;

/** Whether the row has the words of the request. Those of admins are not shown. */
export const isFromSomewhere = ({ device, place }: Cause): boolean => device !== null || place !== null;

/** One paragraph each for time, device and place. */
export const detailsOf = (cause: Cause): string[] => [
  timeOf(cause),
  `Device: ${cause.device ?? "not known"}`,
  `Place: ${cause.place ?? "not known"}`,
];

/** One paragraph each for the reason and the end of a ban. */
export const banTerms = ({ banReason, bannedUntil }: Cause): string[] => [
  `Reason: ${banReason ?? "not given"}`,
  `Ends: ${bannedUntil ? momentOf(bannedUntil) : "when an admin lifts the ban"}`,
];
