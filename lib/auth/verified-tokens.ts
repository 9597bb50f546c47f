const maxEntries = 1_000;

/**
 * Remembers the tokens that this instance has verified, because verifying a signature takes a tenth of a cheap
 * request's CPU time.
 *
 * Threat: an entry that outlives its token, or a key that has been rotated out, would accept a token that
 * verification refuses. So an entry is bound to the whole token, to `trust` (the issuer and every key that
 * verifies) and to the token's expiry. Revocation does not depend on this cache: the database checks the session on
 * every request. Bound: 1,000 entries, the oldest is dropped first, and only verified tokens are stored, so
 * forged ones cannot fill it.
 */
export function createVerifiedTokens<Claims>() {
  const entries = new Map<string, { claims: Claims; expiresAt: number }>();
  const keyOf = (token: string, trust: readonly string[]) => [...trust, token].join(" ");
  return {
    get(token: string, trust: readonly string[]): Claims | undefined {
      const entry = entries.get(keyOf(token, trust));
      return entry && entry.expiresAt > Date.now() / 1000 ? entry.claims : undefined;
    },
    /** `expiresAt`: the `exp` claim, in seconds since 1970. */
    add(token: string, trust: readonly string[], claims: Claims, expiresAt: number): void {
      const [oldest] = entries.keys();
      if (entries.size >= maxEntries && oldest !== undefined) entries.delete(oldest);
      entries.set(keyOf(token, trust), { claims, expiresAt });
    },
  };
}
