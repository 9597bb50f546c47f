ALTER TABLE "tasks" ADD COLUMN "recurrence_rule" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "recurrence_from" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "recurrence_start" date;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "recurrence_occurrence" integer;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "next_task_id" uuid;--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD COLUMN "recurrence_rule" text;--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD COLUMN "recurrence_from" text;--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD COLUMN "recurrence_start" date;--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD COLUMN "recurrence_occurrence" integer;--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD COLUMN "next_task_id" uuid;--> statement-breakpoint
-- The new columns are null, so the checks pass.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_recurrence" CHECK (num_nulls("tasks"."recurrence_rule", "tasks"."recurrence_from", "tasks"."recurrence_start", "tasks"."recurrence_occurrence") in (0, 4));--> statement-breakpoint
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_recurrence_from" CHECK ("tasks"."recurrence_from" in ('due', 'completion'));