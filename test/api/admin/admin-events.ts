import type { AdminEvent } from "../../../lib/admin/contract/events.js";
import type { TestUser } from "../../stack/users.js";

export const listEvents = (admin: TestUser, query: Record<string, string> = {}) =>
  admin.client.get(`/api/admin/events?${new URLSearchParams(query)}`, { token: admin.token });

/** The events about a user, newest first. */
export const eventsAbout = async (admin: TestUser, { id }: { id: string }): Promise<AdminEvent[]> =>
  (await listEvents(admin, { target: id, limit: "200" })).json.data;
