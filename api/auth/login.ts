import { uuidv7 } from "uuidv7";
import { login } from "../../lib/auth/contract/sessions.js";
import { guesserOf } from "../../lib/auth/guesser.js";
import { newSession } from "../../lib/auth/new-session.js";
import { signInWithPassword } from "../../lib/auth/password-sign-in.js";
import { selectForSignIn } from "../../lib/auth/queries/sessions.js";
import { createSignInThrottle } from "../../lib/auth/queries/sign-in-throttle.js";
import { signedIn } from "../../lib/auth/signed-in.js";
import { userPseudonym } from "../../lib/crypto/keyed-hash.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";

const app = createAppWithMailer([login]);

handle(app, login, async ({ db, env, log, mailer, request, body: { email, password } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const guesser = guesserOf(ring, request, env, email);
  const throttle = createSignInThrottle(ring[0], guesser);
  const row = await db.exactlyOne(selectForSignIn(throttle.charge, email));
  const refunds = throttle.requireRoom(row);
  if (row.account) log.user = userPseudonym(ring[0], row.account.id);

  const session = newSession(ring, request.headers, env);
  const started = await signInWithPassword(db, ring[0], {
    account: row.account,
    password,
    newSession: session,
    notice: row.isKnownDevice ? null : { emailId: uuidv7(), appUrl: env.APP_URL },
    refunds,
    block: guesser.block,
  });
  if (started.email) mailer.sendLater(started.email);
  const { sessionId } = session;
  return signedIn({ env, ring, request, sessionId, isNewDevice: !row.isKnownDevice }, started);
});

export default app;
