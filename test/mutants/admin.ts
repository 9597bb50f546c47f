// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the text of sources.
import type { Sabotages } from "./mutant.js";

/** Of what admins may do, and of what the environment may be. */
export const admin: Sabotages = {
  "lib/admin/contract.ts": [
    {
      name: "anybody who is logged in may administer",
      find: 'auth: "admin"',
      replace: 'auth: "access-token"',
      tests: ["api/admin/access"],
    },
  ],
  "lib/admin/queries.ts": [
    {
      name: "the last admin can be demoted and banned",
      find: "(n.role = 'admin' and n.banned_at is null) or ${anotherAdmin(id)})",
      replace: "true)",
      tests: ["api/admin/last-admin"],
    },
    {
      name: "the last admin can be deleted",
      find: 'where users.id = c.id and (not ${isActiveAdmin("c")} or ${anotherAdmin(id)})\n',
      replace: "where users.id = c.id\n",
      tests: ["api/admin/last-admin"],
    },
    {
      name: "a banned admin counts as somebody who could help",
      find: " and ${u}.banned_at is null and",
      replace: " and",
      tests: ["api/admin/last-admin"],
    },
    {
      name: "an admin who cannot log in counts as somebody who could help",
      find: " and ${u}.email_verified_at is not null",
      replace: "",
      tests: ["api/admin/last-admin"],
    },
    {
      name: "sessions of before a ban live again when it is lifted",
      find: "session_epoch = users.session_epoch + n.is_new_ban::int",
      replace: "session_epoch = users.session_epoch",
      tests: ["api/admin/change"],
    },
    {
      name: "signs in a search are wildcards",
      find: '.replace(/[\\\\%_]/g, "\\\\$&")',
      replace: "",
      tests: ["api/admin/list"],
    },
  ],
  "lib/env.ts": [
    {
      name: "a short secret is accepted",
      find: "secretBytes(value).length >= 32",
      replace: "secretBytes(value).length >= 16",
      tests: ["lib/env"],
    },
    {
      name: "a secret that is not random is accepted",
      find: " && new Set(secretBytes(value)).size >= 16",
      replace: "",
      tests: ["lib/env"],
    },
    {
      name: "APP_URL may go over plain http",
      find: 'url.protocol === "http:" && !isLocalHost(url.hostname)',
      replace: 'url.protocol === "ftp:" && !isLocalHost(url.hostname)',
      tests: ["lib/env"],
    },
    {
      name: "an origin may be a pattern",
      find: 'url.hostname.includes("*")',
      replace: 'url.hostname.includes("**")',
      tests: ["lib/env"],
    },
    {
      name: "mails in production may lead to the reader's own machine",
      find: 'source["VERCEL_ENV"] === "production" && isLocalHost',
      replace: 'source["VERCEL_ENV"] === "preview" && isLocalHost',
      tests: ["lib/env"],
    },
    {
      name: "the cron's secret may be short",
      find: "{32,}=*$/",
      replace: "{3,}=*$/",
      tests: ["lib/env"],
    },
  ],
};
