type Source = Record<string, string | undefined>;

/** The database that these variables name, such as `neondb on ep-x.aws.neon.tech`. Never has a user or a password. */
export function databaseName({ DATABASE_URL: url = "", NEON_FETCH_ENDPOINT: endpoint }: Source): string {
  const database = URL.canParse(url) ? new URL(url) : undefined;
  // Without a user, a password with unescaped characters can end up in the host or the path.
  if (!database?.username || !database.host) return "unknown, because DATABASE_URL is missing or malformed";
  const name = `${database.pathname.slice(1)} on ${database.host}`;
  return endpoint && URL.canParse(endpoint) ? `${name}, through ${new URL(endpoint).host}` : name;
}
