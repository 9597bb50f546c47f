-- The digits of a position in the order of their bytes.
CREATE FUNCTION position_digits() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '0123456789' || 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' || 'abcdefghijklmnopqrstuvwxyz'
$$;
--> statement-breakpoint
-- The fraction halfway between two others, of which the upper one may be null. Fractions do not end with 0.
CREATE FUNCTION position_midpoint(p_low text, p_high text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  v_digits text := public.position_digits();
  v_common text := '';
  v_low text := p_low;
  v_high text := p_high;
  v_low_digit int;
  v_high_digit int;
BEGIN
  LOOP
    WHILE v_high <> '' AND left(v_high, 1) = coalesce(nullif(left(v_low, 1), ''), '0') LOOP
      v_common := v_common || left(v_high, 1);
      v_low := substr(v_low, 2);
      v_high := substr(v_high, 2);
    END LOOP;
    v_low_digit := strpos(v_digits, left(v_low, 1)) - 1;
    v_high_digit := coalesce(strpos(v_digits, left(v_high, 1)) - 1, length(v_digits));
    IF v_high_digit - v_low_digit > 1 THEN
      RETURN v_common || substr(v_digits, 1 + round((v_low_digit + v_high_digit) / 2.0)::int, 1);
    END IF;
    IF length(v_high) > 1 THEN
      RETURN v_common || left(v_high, 1);
    END IF;
    v_common := v_common || substr(v_digits, 1 + v_low_digit, 1);
    v_low := substr(v_low, 2);
    v_high := NULL;
  END LOOP;
END
$$;
--> statement-breakpoint
-- The integer part of a position: its first letter says how many digits follow, so that longer integers sort behind.
CREATE FUNCTION position_integer(p_position text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(p_position, CASE WHEN ascii(p_position) >= ascii('a') THEN ascii(p_position) - ascii('a')
                               ELSE ascii('Z') - ascii(p_position) END + 2)
$$;
--> statement-breakpoint
-- The next integer, or the one before. Integers with 26 digits have no end in practice.
CREATE FUNCTION position_step(p_integer text, p_is_up boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  v_digits text := public.position_digits();
  v_last text := CASE WHEN p_is_up THEN 'z' ELSE '0' END;
  v_first text := CASE WHEN p_is_up THEN '0' ELSE 'z' END;
  v_step int := CASE WHEN p_is_up THEN 1 ELSE -1 END;
  v_head text := left(p_integer, 1);
  v_kept text := rtrim(substr(p_integer, 2), v_last);
BEGIN
  IF v_kept <> '' THEN
    RETURN v_head || left(v_kept, -1) || substr(v_digits, strpos(v_digits, right(v_kept, 1)) + v_step, 1)
      || repeat(v_first, length(p_integer) - 1 - length(v_kept));
  END IF;
  v_head := CASE v_head || v_first WHEN 'Z0' THEN 'a' WHEN 'az' THEN 'Z' ELSE chr(ascii(v_head) + v_step) END;
  RETURN v_head || repeat(v_first, length(public.position_integer(v_head || repeat('0', 26))) - 1);
END
$$;
--> statement-breakpoint
-- A position between two others. Null stands for none: the result is then behind all, or before all. The keys are those of
-- the npm package fractional-indexing, so that clients can compute them too.
CREATE FUNCTION position_between(p_low text, p_high text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  v_low text := public.position_integer(p_low);
  v_high text := public.position_integer(p_high);
  v_low_fraction text := substr(p_low, length(v_low) + 1);
  v_high_fraction text := substr(p_high, length(v_high) + 1);
  v_next text;
BEGIN
  IF p_low COLLATE "C" >= p_high COLLATE "C" THEN
    RAISE EXCEPTION 'no position between % and %', p_low, p_high;
  END IF;
  IF p_low IS NULL THEN
    RETURN CASE WHEN p_high IS NULL THEN 'a0' WHEN v_high_fraction <> '' THEN v_high ELSE public.position_step(v_high, false) END;
  END IF;
  IF v_low = v_high THEN
    RETURN v_low || public.position_midpoint(v_low_fraction, v_high_fraction);
  END IF;
  v_next := public.position_step(v_low, true);
  IF p_high IS NULL OR v_next COLLATE "C" < p_high COLLATE "C" THEN
    RETURN v_next;
  END IF;
  RETURN v_low || public.position_midpoint(v_low_fraction, NULL);
END
$$;
--> statement-breakpoint
-- A position between two others with a random end. Without one, a task that leaves the trash would often have the position
-- of another one.
CREATE FUNCTION new_position(p_low text, p_high text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL RESTRICTED AS $$
DECLARE
  v_digits text := public.position_digits();
  v_position text := public.position_between(p_low, p_high);
  v_long text := v_position || substr(v_digits, 1 + floor(random() * 62)::int, 1)
                 || substr(v_digits, 1 + floor(random() * 62)::int, 1) || substr(v_digits, 2 + floor(random() * 61)::int, 1);
BEGIN
  RETURN CASE WHEN p_high IS NULL OR v_long COLLATE "C" < p_high COLLATE "C" THEN v_long ELSE v_position END;
END
$$;
--> statement-breakpoint
-- The position of a row by its place among up to 14 million, from 1.
CREATE FUNCTION position_at(p_place bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 'd' || string_agg(substr(public.position_digits(), 1 + (p_place / (62 ^ digit)::bigint % 62)::int, 1), '' ORDER BY digit DESC)
    FROM generate_series(0, 3) AS digit
$$;
--> statement-breakpoint
-- The position behind all tasks of a user.
CREATE FUNCTION last_task_position(p_user uuid) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN public.new_position(
    (SELECT t.position FROM public.tasks t WHERE t.user_id = p_user ORDER BY t.position DESC LIMIT 1), NULL);
END
$$;
--> statement-breakpoint
CREATE FUNCTION place_task_last() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.position := public.last_task_position(NEW.user_id);
  RETURN NEW;
END
$$;
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "position" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "position" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "trashed_tasks" ADD COLUMN "position" text COLLATE "C";--> statement-breakpoint
-- In the order of creation, which a task that leaves the trash later has to fit in.
WITH placed AS MATERIALIZED (
  SELECT id, position_at(row_number() OVER (PARTITION BY user_id ORDER BY id)) AS position
    FROM (SELECT id, user_id FROM tasks UNION ALL SELECT id, user_id FROM trashed_tasks) AS every_task
),
placed_in_trash AS (
  UPDATE trashed_tasks SET position = placed.position FROM placed WHERE trashed_tasks.id = placed.id
)
UPDATE tasks SET position = placed.position FROM placed WHERE tasks.id = placed.id;--> statement-breakpoint
-- Every row has a position, and the tables are locked already.
-- squawk-ignore adding-not-nullable-field
ALTER TABLE "tasks" ALTER COLUMN "position" SET NOT NULL;--> statement-breakpoint
-- squawk-ignore adding-not-nullable-field
ALTER TABLE "trashed_tasks" ALTER COLUMN "position" SET NOT NULL;--> statement-breakpoint
-- Functions of the previous release write no position.
CREATE TRIGGER place_new_task BEFORE INSERT ON tasks
FOR EACH ROW WHEN (NEW.position IS NULL) EXECUTE FUNCTION place_task_last();
--> statement-breakpoint
CREATE TRIGGER place_deleted_task BEFORE INSERT ON trashed_tasks
FOR EACH ROW WHEN (NEW.position IS NULL) EXECUTE FUNCTION place_task_last();
--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "tasks_by_position" ON "tasks" USING btree ("user_id","position","id");
