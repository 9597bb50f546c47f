CREATE TABLE "email_budget" (
	"starts_at" timestamp with time zone PRIMARY KEY NOT NULL,
	"admitted" integer NOT NULL,
	"spent" text[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"key" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
-- Functions of release 0.1 find due emails with the new index too. The outbox holds a week of emails at most, so it
-- takes milliseconds.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX "outbox_due";--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "app_url" text;--> statement-breakpoint
CREATE INDEX "suppressions_expiry" ON "suppressions" USING btree ("expires_at");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "outbox_due" ON "outbox" USING btree ("kind","due_at") WHERE "outbox"."sent_at" is null and "outbox"."dead_at" is null;