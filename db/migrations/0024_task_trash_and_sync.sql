CREATE TABLE "sync_heads" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL,
	"counted_by" "xid8" NOT NULL,
	"horizon" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tombstones" (
	"kind" text NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"deleted_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "tombstones_kind_id_pk" PRIMARY KEY("kind","id")
);
--> statement-breakpoint
CREATE TABLE "task_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"user_id" uuid NOT NULL,
	"session_id" uuid,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"before" jsonb NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trashed_tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"title" text NOT NULL,
	"description" text,
	"status" text NOT NULL,
	-- A priority is one of four values.
	-- squawk-ignore prefer-bigint-over-smallint
	"priority" smallint DEFAULT 0 NOT NULL,
	"due_date" date,
	"due_time" time(0),
	"due_time_zone" text,
	"due_at" timestamp with time zone,
	"due_rules" text,
	"deadline" date,
	"version" integer DEFAULT 1 NOT NULL,
	"completed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_heads" ADD CONSTRAINT "sync_heads_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tombstones" ADD CONSTRAINT "tombstones_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_changes" ADD CONSTRAINT "task_changes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD CONSTRAINT "trashed_tasks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tombstones_by_seq" ON "tombstones" USING btree ("user_id","seq","id");--> statement-breakpoint
CREATE INDEX "tombstones_deleted" ON "tombstones" USING btree ("deleted_at");--> statement-breakpoint
CREATE UNIQUE INDEX "task_changes_task" ON "task_changes" USING btree ("task_id","version");--> statement-breakpoint
CREATE INDEX "task_changes_user" ON "task_changes" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "task_changes_by_seq" ON "task_changes" USING btree ("user_id","seq");--> statement-breakpoint
CREATE INDEX "trashed_tasks_user" ON "trashed_tasks" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "trashed_tasks_newest" ON "trashed_tasks" USING btree ("user_id","deleted_at","id");--> statement-breakpoint
CREATE INDEX "trashed_tasks_deleted" ON "trashed_tasks" USING btree ("deleted_at");--> statement-breakpoint
-- Writes to tasks wait while this index is built: all pending migrations run in one transaction, which excludes concurrent
-- ones.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_by_seq" ON "tasks" USING btree ("user_id","seq","id");