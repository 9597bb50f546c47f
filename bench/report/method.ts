import { networks } from "../machine/testbed.js";

/** The part of the report that explains how the figures are measured. */
export const method = `## How it is measured

- All subjects use one PostgreSQL server. Each has its own process and database. They take turns, one round each, so that noise on the machine affects all of them. Except for cold starts, every process is warm: before the measurement it has served every row and loads of the busiest rows.
- **Latchkey** and **Floor, same endpoint** are built functions behind the local Vercel server. That server runs in their process, so it adds to their latency and lowers their requests/s. **Functions alone** are the same files on @hono/node-server, the HTTP host of the other subjects, with nothing but the function and its host in the process. Goals for CPU and for the share of the floor use those. The local Neon endpoint and the local Resend are separate processes; their CPU time is never counted.
- **Floor**: Hono, jose and argon2 (with Latchkey's parameters) and the fewest possible statements, without validation, rate limits or logs. It is a lower bound, not a product.
- **better-auth** on Hono and pg: rate limits in the database, set too high to refuse a request; verified addresses required; bearer tokens. *me* is better-auth's own \`/get-session\`. *me, guarded route* is a route of the app that calls \`auth.api.getSession\`, which skips the rate limiter. *refresh* reads a session whose \`updateAge\` is 0.
- **Nest tutorial app**: Drizzle on pg, @nestjs/jwt, a throttler in memory, class-validator, and bcryptjs with cost 12.
- Passwords: argon2id with 19 MiB (Latchkey and the floor), scrypt with N=16384 and r=16 (better-auth), bcrypt with cost 12 (Nest). These work factors differ, and they decide most of the time of register, login and reset.
- All subjects send emails over HTTP to the local Resend after the response. Latchkey uses the \`resend\` package over \`node:http\`, sends text and HTML, and records the result in the database: \`+ n\` are the trips after the response. The others send one line of text with a plain \`fetch\`. CPU time and requests/s include this work. Latency does not: these rows wait for it to end before their next request.
- The delay of ${networks.delayed} ms each way is in front of Postgres for subjects on pg, and in front of the Neon endpoint for subjects on HTTP.
- The run fails unless every response has its expected status. Each subject must also refuse a wrong password and a missing token, and must not show the reader's tasks to a stranger.`;
