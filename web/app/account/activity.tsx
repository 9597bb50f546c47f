import { dataOf } from "@latchkey/client";
import { latchkey } from "../latchkey.js";
import { EventList } from "./event-list.js";

/** The history of the own account. */
export const Activity = () => (
  <EventList
    title="Activity"
    of="me"
    fetch={(query, signal) => dataOf(latchkey.api.GET("/api/auth/events", { params: { query }, signal }))}
    what="your activity"
    empty="Sign-ins and changes to your password appear here."
  >
    <p class="hint">
      If you do not recognise something here, set a new password. That signs out all devices.
    </p>
  </EventList>
);
