import { dataOf } from "@latchkey/client";
import { EventList } from "../account/event-list.js";
import { latchkey } from "../latchkey.js";

/** The list that the user has under “Activity” on the account page. */
export const UserHistory = ({ id }: { id: string }) => (
  <EventList
    title="Account activity"
    of={id}
    fetch={(query, signal) =>
      dataOf(latchkey.api.GET("/api/admin/users/{id}/events", { params: { path: { id }, query }, signal }))
    }
    what="the account activity"
    empty="Sign-ins and changes to the password appear here."
  />
);
