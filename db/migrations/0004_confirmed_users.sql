-- Turns a user whose address is not confirmed into registrations: one per open confirmation link, under the id of the
-- link, so that links in mailboxes keep working; or one under the id of the user.
CREATE FUNCTION unconfirmed_to_registrations(p_user uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.registrations (id, email, email_key, name, password_hash, context_tags, created_at, expires_at)
  SELECT coalesce(l.id, u.id), u.email, u.email_key, u.name, u.password_hash, u.context_tags,
         coalesce(l.created_at, u.created_at), coalesce(l.expires_at, u.created_at + interval '24 hours')
    FROM public.users u
    LEFT JOIN public.links l ON l.user_id = u.id AND l.purpose = 'verify-email'
                            AND l.used_at IS NULL AND l.expires_at > now()
   WHERE u.id = p_user AND u.email_verified_at IS NULL;
  -- Emails that wait outlive the user. Those with another link would lead nowhere.
  UPDATE public.outbox o SET user_id = NULL
   WHERE o.user_id = p_user AND EXISTS (SELECT FROM public.registrations r WHERE r.id = o.link_id);
  DELETE FROM public.users u WHERE u.id = p_user AND u.email_verified_at IS NULL;
END
$$;
--> statement-breakpoint
SELECT unconfirmed_to_registrations(id) FROM users WHERE email_verified_at IS NULL;
--> statement-breakpoint
-- Functions of release 0.1 insert unconfirmed users until the deployment that follows this migration is live.
CREATE FUNCTION move_unconfirmed_user() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.unconfirmed_to_registrations(NEW.id);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER users_are_confirmed AFTER INSERT OR UPDATE ON users
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.email_verified_at IS NULL)
EXECUTE FUNCTION move_unconfirmed_user();
