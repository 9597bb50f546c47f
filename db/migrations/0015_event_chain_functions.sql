-- HMAC-SHA-256 (RFC 2104) with the name of its key in front. `p_inner` and `p_outer` are the key, padded to 64 bytes
-- and XORed with 0x36 and 0x5c. Postgres has sha256, but no HMAC without an extension.
CREATE FUNCTION event_mac(p_message text, p_key_id text, p_inner bytea, p_outer bytea) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p_key_id || '.' || encode(sha256(p_outer || sha256(p_inner || convert_to(p_message, 'UTF8'))), 'hex')
$$;
--> statement-breakpoint
-- Gives an event the next place in the chain of an account. Locks the head until the transaction ends. Each statement
-- of a VOLATILE function takes a new snapshot, so it sees the event that it waited for.
-- The MAC covers the seal of the event before, which no row holds: a head that someone has set back shows in the next
-- event.
-- `p_event` comes last in the message, and nothing before it can contain a line feed: the message is unambiguous.
CREATE FUNCTION extend_event_chain(
  p_chain text, p_account uuid, p_event jsonb, p_key_id text, p_inner bytea, p_outer bytea, OUT seq int, OUT mac text)
LANGUAGE plpgsql AS $$
DECLARE
  v_name text := concat_ws(E'\n', p_chain, p_account);
  v_previous_seal text;
  v_seal text;
BEGIN
  LOOP
    SELECT head.seq, head.seal INTO seq, v_previous_seal FROM public.event_chains AS head
     WHERE head.chain = p_chain AND head.account_id = p_account FOR NO KEY UPDATE;
    seq := coalesce(seq, 0) + 1;
    mac := public.event_mac(concat_ws(E'\n', 'event', v_name, seq, coalesce(v_previous_seal, ''), p_event),
                            p_key_id, p_inner, p_outer);
    v_seal := public.event_mac(concat_ws(E'\n', 'head', v_name, seq, mac), p_key_id, p_inner, p_outer);
    IF v_previous_seal IS NULL THEN
      INSERT INTO public.event_chains AS head (chain, account_id, user_id, seq, seal)
      VALUES (p_chain, p_account, CASE p_chain WHEN 'security' THEN p_account END, seq, v_seal)
      ON CONFLICT DO NOTHING;
      -- Another transaction has started the chain: follow it.
      CONTINUE WHEN NOT FOUND;
    ELSE
      UPDATE public.event_chains AS head SET seq = extend_event_chain.seq, seal = v_seal
       WHERE head.chain = p_chain AND head.account_id = p_account;
    END IF;
    RETURN;
  END LOOP;
END
$$;
--> statement-breakpoint
-- Every event of an account rewrites its head: leave room on the page for it.
ALTER TABLE event_chains SET (fillfactor = 70);
