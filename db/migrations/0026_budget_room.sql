-- How many units a GCRA budget has room for at a time. The rule for the budgets of users with an access token: charges and the
-- report of the rest call it. Without a row, `p_tat` is null, which `greatest` ignores: the budget is full.
CREATE FUNCTION budget_room(p_tat timestamptz, p_at timestamptz, p_refill_seconds float8, p_burst int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT greatest(0, floor(
    extract(epoch FROM make_interval(secs => p_refill_seconds * p_burst) - greatest(p_tat - p_at, interval '0'))
    / p_refill_seconds::numeric
  ))::int
$$;
--> statement-breakpoint
-- As in 0011_user_budgets.sql, except that `budget_room` decides.
CREATE OR REPLACE FUNCTION require_budgets(p_keys text[], p_refill_seconds float8[], p_bursts int[], p_units int[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_cost interval;
  v_capacity interval;
  v_wait int;
BEGIN
  FOR i IN 1 .. cardinality(p_keys) LOOP
    v_cost := make_interval(secs => p_refill_seconds[i] * p_units[i]);
    v_capacity := make_interval(secs => p_refill_seconds[i] * p_bursts[i]);
    -- Locks the row even if it has no room, and writes nothing then. The clock counts after the wait for the lock.
    INSERT INTO public.throttle AS t (key, tat, allowed) VALUES (p_keys[i], clock_timestamp() + v_cost, true)
    ON CONFLICT (key) DO UPDATE SET tat = greatest(t.tat, clock_timestamp()) + v_cost
     WHERE public.budget_room(t.tat, clock_timestamp(), p_refill_seconds[i], p_bursts[i]) >= p_units[i];
    IF NOT FOUND THEN
      SELECT greatest(1, ceil(extract(epoch FROM t.tat + v_cost - v_capacity - clock_timestamp()))) INTO v_wait
        FROM public.throttle AS t WHERE t.key = p_keys[i];
      RAISE EXCEPTION 'budget spent' USING ERRCODE = 'LK004', DETAIL = format('%s %s', v_wait, i);
    END IF;
  END LOOP;
END
$$;
