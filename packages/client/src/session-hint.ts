const key = "latchkey-session";

/**
 * Remembers that this browser may have a session cookie, which scripts cannot read. Only what a page renders first
 * depends on it: without the hint, the sign-in form shows while the client asks the server. Where storage is blocked,
 * the hint always reads true.
 */
export const sessionHint = {
  read(): boolean {
    try {
      return localStorage.getItem(key) !== null;
    } catch {
      return true;
    }
  },

  write(isSignedIn: boolean): void {
    try {
      if (isSignedIn) localStorage.setItem(key, "1");
      else localStorage.removeItem(key);
    } catch {
      // Harmless: `read` returns true, so the client asks the server.
    }
  },
};
