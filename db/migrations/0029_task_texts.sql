CREATE TABLE "task_texts" (
	"task_id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"content" text NOT NULL
);
--> statement-breakpoint
CREATE FUNCTION write_task_text() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.task_texts (task_id, user_id, content)
  VALUES (NEW.id, NEW.user_id, lower(NEW.title || ' ' || coalesce(NEW.description, '')))
  ON CONFLICT (task_id) DO UPDATE SET content = excluded.content;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER write_text_of_new_task AFTER INSERT ON tasks
FOR EACH ROW EXECUTE FUNCTION write_task_text();
--> statement-breakpoint
CREATE TRIGGER write_text_of_changed_task AFTER UPDATE ON tasks
FOR EACH ROW WHEN ((NEW.title, NEW.description) IS DISTINCT FROM (OLD.title, OLD.description))
EXECUTE FUNCTION write_task_text();
--> statement-breakpoint
-- The triggers exist, so no task of a concurrent writer is left out.
INSERT INTO task_texts (task_id, user_id, content)
SELECT id, user_id, lower(title || ' ' || coalesce(description, '')) FROM tasks;
--> statement-breakpoint
-- A search of the previous release reads all tasks of its user until the new functions are live.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX "tasks_search";--> statement-breakpoint
ALTER TABLE "task_texts" ADD CONSTRAINT "task_texts_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "task_texts_search" ON "task_texts" USING gin ("user_id","content" gin_trgm_ops);
