CREATE TABLE "admin_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"actor_id" uuid,
	"target_id" uuid NOT NULL,
	"action" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"request_id" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "about_user_id" uuid;--> statement-breakpoint
CREATE INDEX "admin_events_actor" ON "admin_events" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "admin_events_target" ON "admin_events" USING btree ("target_id","id");--> statement-breakpoint
CREATE INDEX "admin_events_created" ON "admin_events" USING btree ("created_at");