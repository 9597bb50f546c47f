-- Counts a change in an account, once per transaction. The row stays locked until the transaction ends, so numbers
-- become visible in order.
CREATE FUNCTION count_change(p_user uuid) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
BEGIN
  SELECT h.seq INTO v_seq FROM public.sync_heads h
   WHERE h.user_id = p_user AND h.counted_by = pg_current_xact_id();
  IF FOUND THEN
    RETURN v_seq;
  END IF;
  INSERT INTO public.sync_heads AS h (user_id, seq, counted_by) VALUES (p_user, 1, pg_current_xact_id())
  ON CONFLICT (user_id) DO UPDATE SET seq = h.seq + 1, counted_by = excluded.counted_by
  RETURNING h.seq INTO v_seq;
  RETURN v_seq;
END
$$;
--> statement-breakpoint
-- How many changes back an account keeps tombstones. Someone who creates and deletes tasks all day fills no more.
CREATE FUNCTION kept_tombstones() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 100000::bigint $$;
--> statement-breakpoint
CREATE FUNCTION leave_tombstone(p_kind text, p_id uuid, p_user uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint := public.count_change(p_user);
  v_forgotten bigint := v_seq - public.kept_tombstones();
BEGIN
  INSERT INTO public.tombstones (kind, id, user_id, seq) VALUES (p_kind, p_id, p_user, v_seq)
  ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq, deleted_at = excluded.deleted_at;
  DELETE FROM public.tombstones WHERE user_id = p_user AND seq <= v_forgotten;
  IF FOUND THEN
    UPDATE public.sync_heads SET horizon = greatest(horizon, v_forgotten) WHERE user_id = p_user;
  END IF;
END
$$;
--> statement-breakpoint
-- Numbers the rows that clients synchronize, and leaves a tombstone for a deleted one. Triggers, because every writer has
-- to take part: the cron, functions of an earlier release, and statements that move rows to the trash.
CREATE FUNCTION record_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    -- An account that is being deleted leaves nothing behind.
    IF EXISTS (SELECT FROM public.users WHERE id = OLD.user_id) THEN
      PERFORM public.leave_tombstone(TG_ARGV[0], OLD.id, OLD.user_id);
    END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    -- The foreign key takes this lock later. Taken after the row of `sync_heads`, it could deadlock with the deletion of
    -- the account.
    PERFORM FROM public.users WHERE id = NEW.user_id FOR KEY SHARE;
    DELETE FROM public.tombstones WHERE kind = TG_ARGV[0] AND id = NEW.id;
  END IF;
  NEW.seq := public.count_change(NEW.user_id);
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE FUNCTION number_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.seq := public.count_change(NEW.user_id);
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER record_new_task BEFORE INSERT OR DELETE ON tasks
FOR EACH ROW EXECUTE FUNCTION record_change('task');
--> statement-breakpoint
-- A row that keeps its version looks the same to clients.
CREATE TRIGGER record_changed_task BEFORE UPDATE ON tasks
FOR EACH ROW WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION record_change('task');
--> statement-breakpoint
CREATE TRIGGER number_task_change BEFORE INSERT ON task_changes
FOR EACH ROW EXECUTE FUNCTION number_change();
--> statement-breakpoint
-- The cron changes tasks only under the lock of their counter.
INSERT INTO sync_heads (user_id, counted_by) SELECT DISTINCT user_id, pg_current_xact_id() FROM tasks
ON CONFLICT (user_id) DO NOTHING;
