ALTER TABLE "outbox" ADD COLUMN "ban_reason" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "banned_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "ban_reason" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "banned_until" timestamp with time zone;--> statement-breakpoint
-- The outbox holds a week of emails at most, so its indexes take milliseconds.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "outbox_waiting" ON "outbox" USING btree ("id") WHERE "outbox"."sent_at" is null and "outbox"."dead_at" is null;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "outbox_dead" ON "outbox" USING btree ("id") WHERE "outbox"."dead_at" is not null;--> statement-breakpoint
-- The new column is empty, so the index is too.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "users_banned_until" ON "users" USING btree ("banned_until") WHERE "users"."banned_until" is not null;