-- A priority is one of four values.
-- squawk-ignore prefer-bigint-over-smallint
ALTER TABLE "tasks" ADD COLUMN "priority" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "due_date" date;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "due_time" time(0);--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "due_time_zone" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "due_rules" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "deadline" date;--> statement-breakpoint
-- Writes to tasks wait while these indexes are built: all pending migrations run in one transaction, which excludes
-- concurrent ones.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_by_updated" ON "tasks" USING btree ("user_id","updated_at","id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_by_priority" ON "tasks" USING btree ("user_id","priority","id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_by_due" ON "tasks" USING btree ("user_id",coalesce(due_date + coalesce(due_time, '23:59:59'::time), 'infinity'::timestamp),"id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_by_latest_due" ON "tasks" USING btree ("user_id",coalesce(due_date + coalesce(due_time, '23:59:59'::time), '-infinity'::timestamp),"id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_search" ON "tasks" USING gin ("user_id",(lower(title || ' ' || coalesce(description, ''))) gin_trgm_ops);--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_due_rules" ON "tasks" USING btree ("due_rules") WHERE "tasks"."due_rules" is not null;--> statement-breakpoint
-- The new columns hold their defaults, so the checks pass.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_priority" CHECK ("tasks"."priority" between 0 and 3);--> statement-breakpoint
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_due_time" CHECK ("tasks"."due_time" is null or "tasks"."due_date" is not null);--> statement-breakpoint
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_due_at" CHECK (num_nulls("tasks"."due_time", "tasks"."due_time_zone", "tasks"."due_at", "tasks"."due_rules") in (0, 4));