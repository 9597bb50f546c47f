CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"position" text COLLATE "C" NOT NULL,
	"archived_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "project_id" uuid;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "project_id" uuid;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD COLUMN "project_id" uuid;--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "projects_user" ON "projects" USING btree ("user_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "projects_by_position" ON "projects" USING btree ("user_id","position","id");--> statement-breakpoint
CREATE INDEX "projects_by_seq" ON "projects" USING btree ("user_id","seq","id");--> statement-breakpoint
-- Writes to tasks wait while these indexes are built: all pending migrations run in one transaction, which excludes
-- concurrent ones.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_by_project" ON "tasks" USING btree ("user_id","project_id","position","id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_by_parent" ON "tasks" USING btree ("parent_id") WHERE "tasks"."parent_id" is not null;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "trashed_tasks_by_parent" ON "trashed_tasks" USING btree ("parent_id") WHERE "trashed_tasks"."parent_id" is not null;
--> statement-breakpoint
CREATE TRIGGER record_new_project BEFORE INSERT OR DELETE ON projects
FOR EACH ROW EXECUTE FUNCTION record_change('project');
--> statement-breakpoint
CREATE TRIGGER record_changed_project BEFORE UPDATE ON projects
FOR EACH ROW WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION record_change('project');
--> statement-breakpoint
-- The position behind all projects of a user.
CREATE FUNCTION last_project_position(p_user uuid) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN public.new_position(
    (SELECT p.position FROM public.projects p WHERE p.user_id = p_user ORDER BY p.position DESC LIMIT 1), NULL);
END
$$;
--> statement-breakpoint
-- Numbers of changes limit the rows of the history, so a transaction that writes several of them takes as many numbers.
-- Returns the last one.
CREATE FUNCTION count_more_changes(p_user uuid, p_more bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint := public.count_change(p_user);
BEGIN
  IF p_more > 0 THEN
    UPDATE public.sync_heads SET seq = v_seq + p_more WHERE user_id = p_user;
  END IF;
  RETURN v_seq + p_more;
END
$$;
