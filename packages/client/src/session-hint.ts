const key = "latchkey-session";

/**
 * Whether this browser may have the cookie, which scripts cannot see. It spares a visitor who never signed in the
 * question to the server; where storage is barred, the answer is always "may be".
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
      // Nothing is lost: the server is asked.
    }
  },
};
