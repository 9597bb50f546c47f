-- With statistics that do not know this user, Postgres may expect one row, and sort ten thousand to find the last.
-- Without sorts, it reads the index of positions backwards.
ALTER FUNCTION last_task_position(uuid) SET enable_sort = off;--> statement-breakpoint
ALTER FUNCTION last_project_position(uuid) SET enable_sort = off;
