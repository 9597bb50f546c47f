/** How long an event is kept. `admin_event_retention()` in the database has the same value: its trigger reads it. */
export const eventRetentionDays = 400;
