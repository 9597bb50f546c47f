-- Both work through the keys in order. Callers list them in the order in which they charge: the reverse could
-- deadlock.
CREATE FUNCTION throttle_refund(p_keys text[], p_seconds float8[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. cardinality(p_keys) LOOP
    UPDATE public.throttle SET tat = tat - make_interval(secs => p_seconds[i]) WHERE key = p_keys[i];
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE FUNCTION throttle_clear(p_keys text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. cardinality(p_keys) LOOP
    DELETE FROM public.throttle WHERE key = p_keys[i];
  END LOOP;
END
$$;
