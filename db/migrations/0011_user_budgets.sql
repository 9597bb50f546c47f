-- Charges GCRA budgets in order, each by a number of units, and raises LK004 at the first without enough room. Run in
-- one batch with the statement it guards: a refusal rolls the batch back. The detail holds the seconds until there is
-- room, and the place of the spent budget in the list.
CREATE FUNCTION require_budgets(p_keys text[], p_refill_seconds float8[], p_bursts int[], p_units int[]) RETURNS void
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
     WHERE greatest(t.tat - clock_timestamp(), interval '0') + v_cost <= v_capacity;
    IF NOT FOUND THEN
      SELECT greatest(1, ceil(extract(epoch FROM t.tat + v_cost - v_capacity - clock_timestamp()))) INTO v_wait
        FROM public.throttle AS t WHERE t.key = p_keys[i];
      RAISE EXCEPTION 'budget spent' USING ERRCODE = 'LK004', DETAIL = format('%s %s', v_wait, i);
    END IF;
  END LOOP;
END
$$;
