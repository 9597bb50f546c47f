ALTER TABLE "outbox" ADD COLUMN "device" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "place" text;--> statement-breakpoint
ALTER TABLE "security_events" ADD COLUMN "browser" text;--> statement-breakpoint
ALTER TABLE "security_events" ADD COLUMN "os" text;--> statement-breakpoint
ALTER TABLE "security_events" ADD COLUMN "device_kind" text;--> statement-breakpoint
ALTER TABLE "security_events" ADD COLUMN "place" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "browser" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "os" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "device_kind" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "place" text;