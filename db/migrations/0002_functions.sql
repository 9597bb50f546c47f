-- Raises unless the session is alive and, if asked, the user has the role. Run in one batch with the query it
-- guards: a refusal rolls the batch back. LK001 session ended, LK002 banned, LK003 role missing.
CREATE FUNCTION require_session(p_session uuid, p_user uuid, p_role text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_banned boolean;
  v_role text;
  v_alive boolean;
BEGIN
  SELECT u.banned_at IS NOT NULL,
         u.role,
         s.ended_at IS NULL AND s.epoch = u.session_epoch AND s.idle_expires_at > now() AND s.expires_at > now()
    INTO v_banned, v_role, v_alive
    FROM public.sessions s JOIN public.users u ON u.id = s.user_id
   WHERE s.id = p_session AND u.id = p_user;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session ended' USING ERRCODE = 'LK001';
  ELSIF v_banned THEN
    RAISE EXCEPTION 'account banned' USING ERRCODE = 'LK002';
  ELSIF NOT v_alive THEN
    RAISE EXCEPTION 'session ended' USING ERRCODE = 'LK001';
  ELSIF p_role IS NOT NULL AND v_role <> p_role THEN
    RAISE EXCEPTION 'role missing' USING ERRCODE = 'LK003';
  END IF;
END
$$;
--> statement-breakpoint
-- Charges GCRA budgets one after the other and stops at the first that is spent, so that a blocked address
-- cannot use up the budget of somebody's account. `wait`: seconds until the spent one has room, 0 when all had;
-- `refused`: its place in the list.
CREATE FUNCTION throttle_charge(p_keys text[], p_refill_seconds float8[], p_bursts int[], OUT wait int, OUT refused int)
LANGUAGE plpgsql AS $$
DECLARE
  v_refill interval;
  v_allowed boolean;
  v_tat timestamptz;
BEGIN
  wait := 0;
  FOR i IN 1 .. cardinality(p_keys) LOOP
    v_refill := make_interval(secs => p_refill_seconds[i]);
    INSERT INTO public.throttle AS t (key, tat, allowed) VALUES (p_keys[i], now() + v_refill, true)
    ON CONFLICT (key) DO UPDATE SET
      allowed = greatest(t.tat, now()) + v_refill <= now() + v_refill * p_bursts[i],
      tat = CASE WHEN greatest(t.tat, now()) + v_refill <= now() + v_refill * p_bursts[i]
                 THEN greatest(t.tat, now()) + v_refill ELSE t.tat END
    RETURNING t.allowed, t.tat INTO v_allowed, v_tat;
    IF NOT v_allowed THEN
      refused := i;
      wait := greatest(1, ceil(extract(epoch FROM v_tat + v_refill - v_refill * p_bursts[i] - now())))::int;
      RETURN;
    END IF;
  END LOOP;
END
$$;
--> statement-breakpoint
-- Every request rewrites its row: leave room on the page for it.
ALTER TABLE throttle SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE sessions SET (fillfactor = 80);
