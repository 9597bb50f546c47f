CREATE TABLE "labels" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "labels" text[];--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "labels" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD COLUMN "labels" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "labels" ADD CONSTRAINT "labels_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "labels_name" ON "labels" USING btree ("user_id","name_key");--> statement-breakpoint
CREATE INDEX "labels_user" ON "labels" USING btree ("user_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "labels_by_seq" ON "labels" USING btree ("user_id","seq","id");--> statement-breakpoint
-- Writes to tasks wait while these indexes are built: all pending migrations run in one transaction, which excludes
-- concurrent ones.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_labels" ON "tasks" USING gin ("user_id","labels");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "trashed_tasks_labels" ON "trashed_tasks" USING gin ("user_id","labels");
--> statement-breakpoint
CREATE TRIGGER record_new_label BEFORE INSERT OR DELETE ON labels
FOR EACH ROW EXECUTE FUNCTION record_change('label');
--> statement-breakpoint
CREATE TRIGGER record_changed_label BEFORE UPDATE ON labels
FOR EACH ROW WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION record_change('label');
