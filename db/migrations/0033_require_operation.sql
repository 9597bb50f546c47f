-- Raises, which rolls the batch of statements back, unless an operation was applied. The detail never quotes a value.
CREATE FUNCTION require_operation(p_index int, p_outcome text, p_member text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF p_outcome <> 'applied' THEN
    RAISE EXCEPTION 'operation refused' USING ERRCODE = 'LK005', DETAIL = concat_ws(' ', p_index, p_outcome, p_member);
  END IF;
END
$$;
