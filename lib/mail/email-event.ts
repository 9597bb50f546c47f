import type * as z from "zod";
import type { KeyRing } from "../crypto/keys.js";
import type { receiveEmailEvent } from "./contract.js";
import { liftSuppression, type Suppression, suppressAddresses } from "./queries/suppressions.js";
import { suppressionKeys } from "./suppression-keys.js";

type EmailEvent = z.output<typeof receiveEmailEvent.body>;

/** The statement that an event of Resend causes; undefined if it changes nothing. */
export function queryOf({ type, created_at, data }: EmailEvent, ring: KeyRing) {
  if (type === "suppression.removed" && data.email !== undefined) {
    return liftSuppression(suppressionKeys(ring, data.email));
  }
  const reason = reasonOf(type, data.bounce?.type);
  const addresses = data.to ?? [];
  if (!reason || addresses.length === 0) return undefined;
  const keys = addresses.map((address) => suppressionKeys(ring, bareAddress(address))[0]);
  return suppressAddresses({ keys, reason, occurredAt: new Date(created_at).toISOString() });
}

/** A full mailbox or a slow server may accept the next email, so that bounce has no effect. */
function reasonOf(type: string, bounceType: string | undefined): Suppression["reason"] | undefined {
  if (type === "email.complained") return "complaint";
  return type === "email.bounced" && bounceType === "Permanent" ? "bounce" : undefined;
}

/** The address in `Name <address>`. */
const bareAddress = (value: string): string => /<([^<>]+)>\s*$/.exec(value)?.[1] ?? value.trim();
