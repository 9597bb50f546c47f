-- Whether a ban with this start and this end stands now. The only home of the rule: queries and the guard call it.
-- The previous release reads `banned_at` alone, so for its own queries a ban lasts until the purge clears the row.
CREATE FUNCTION is_banned(p_banned_at timestamptz, p_banned_until timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p_banned_at IS NOT NULL AND (p_banned_until IS NULL OR p_banned_until > now())
$$;
--> statement-breakpoint
-- A lifted ban leaves no terms behind. Also for the previous release, which does not know them: its next ban of the
-- same user would otherwise end at the end of an earlier one.
CREATE FUNCTION clear_ban_terms() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.ban_reason := NULL;
  NEW.banned_until := NULL;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER users_ban_terms BEFORE UPDATE OF banned_at ON users
FOR EACH ROW WHEN (NEW.banned_at IS NULL) EXECUTE FUNCTION clear_ban_terms();
--> statement-breakpoint
-- As in 0002_functions.sql, except that a ban may have an end.
CREATE OR REPLACE FUNCTION require_session(p_session uuid, p_user uuid, p_role text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_banned boolean;
  v_role text;
  v_alive boolean;
BEGIN
  SELECT public.is_banned(u.banned_at, u.banned_until),
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
