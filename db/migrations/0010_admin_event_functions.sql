-- How long the table keeps an event. The purge and the trigger below read it, so it has one home.
CREATE FUNCTION admin_event_retention() RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT interval '400 days' $$;
--> statement-breakpoint
CREATE FUNCTION keep_admin_events() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.created_at < now() - public.admin_event_retention() THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'admin_events is append-only';
END
$$;
--> statement-breakpoint
CREATE TRIGGER admin_events_append_only BEFORE UPDATE OR DELETE ON admin_events
FOR EACH ROW EXECUTE FUNCTION keep_admin_events();
--> statement-breakpoint
-- A UUIDv7 (RFC 9562 section 5.7) of a moment. The 12 bits after the milliseconds hold their fraction (section 6.2,
-- method 3): ids of the same millisecond still sort by time. Postgres has uuidv7() only since version 18.
CREATE FUNCTION uuid_v7(p_time timestamptz) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  v_micros bigint := floor(extract(epoch FROM p_time) * 1000000);
BEGIN
  RETURN (lpad(to_hex(v_micros / 1000), 12, '0')
          || '7' || lpad(to_hex(v_micros % 1000 * 4096 / 1000), 3, '0')
          || right(replace(gen_random_uuid()::text, '-', ''), 16))::uuid;
END
$$;
