// Generated from openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the public keys of access tokens
         * @description A JWK set (RFC 7517) of every key that verifies.
         */
        get: operations["jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List changes by admins
         * @description Newest first. Events outlive the accounts that they are about.
         */
        get: operations["listAdminEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List emails that have not been sent
         * @description Newest first, without their texts and links. Dead emails stay for about a week.
         */
        get: operations["listOutbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/outbox/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Drop an email
         * @description Deletes a waiting or dead email, and nothing sends it later. If an attempt is running at this moment, it may still arrive. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        delete: operations["dropEmail"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/outbox/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an email again
         * @description A waiting or dead email becomes due now, with all its attempts. It is sent after the response, or by the next run of its deployment. An email whose link is used, replaced or expired, or that is too old for Resend to recognize a repetition, is refused. An email that was sent, or is being sent, stays as it is. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        post: operations["retryEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find users
         * @description Newest first.
         */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a user
         * @description Any user, by id.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Deletes the user's sessions, links and tasks as well. The last admin cannot be deleted. The deletion is recorded, without address and name. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Change the role, ban or unban
         * @description A ban immediately ends every session of the user. It may have an end, after which the user can sign in again. The last admin who is not banned cannot be banned or demoted. Each change is recorded, and the user gets an email, with the reason and the end of a ban. If the user becomes an admin, the other admins get one too. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        patch: operations["patchUser"];
        trace?: never;
    };
    "/api/admin/users/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a user's account activity
         * @description The same list as the user's own, newest first.
         */
        get: operations["listUserEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{id}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a user a link that sets a new password
         * @description Nobody but the reader of the mailbox sees the link. The password and the sessions stay as they are: they change when the person uses the link. Another start within 60 seconds sends nothing more. The user's history says that an admin did it. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        post: operations["startPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reopen a closed account
         * @description The person can sign in again, with the same password, and gets an email. Sessions that ended when the account closed stay ended. An account that is open stays as it is. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        post: operations["restoreUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a user's sessions
         * @description The sessions that still work, the most recently used first: at most 100.
         */
        get: operations["listUserSessions"];
        put?: never;
        post?: never;
        /**
         * End a user's sessions
         * @description Signs the user out on all devices, and stops sign-ins that are in progress. The user's history and an email say so. For the caller's own account, this is a sign-out. Without a session to end, it changes nothing. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        delete: operations["endUserSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/change-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a change of your email address
         * @description Sends a link to the new address, which works for 60 minutes and replaces an earlier one, and a notice to the current address. Nothing changes until the link is used. The response and the work are the same whether the address is free, has an account, or is your own. An address that has an account gets a notice instead of the link. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        post: operations["changeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change your password
         * @description Ends every other session of the account, voids its open links and the earlier refresh tokens of this session, and sends a notice. This session continues with the new access token and cookie. A wrong `currentPassword` ends nothing. For ten minutes, this session may repeat the request: it succeeds and changes nothing.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/confirm-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a new email address
         * @description The account now has the address that got the link. Voids every other open link of the account, and sends a notice to both addresses. Sessions continue. For 72 hours, the previous address is reserved for the account, and the notices can restore it. A repeated request succeeds and changes nothing.
         */
        post: operations["confirmNewEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your account's activity
         * @description Sign-ins and security changes of the last 400 days, newest first.
         */
        get: operations["listSecurityEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download your data
         * @description Everything that is stored about the account, as one JSON document. It is streamed: the database sends a page at a time, and each page checks the session again. If the session ends or the database fails in the middle, the download breaks off, and the part that has arrived is not valid JSON. An account may begin three exports in a row, then one every four days. The data must arrive within 30 seconds. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        get: operations["exportAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a link that sets a new password
         * @description Sends the link to the address if it has an account. An address that is not confirmed yet gets its confirmation link. The response and the work are the same whether or not the address is known.
         */
        post: operations["forgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your remaining limits
         * @description Budgets limit requests: spent units return one by one. Quotas limit rows. Reading the limits charges no write. Like any read, it counts towards `data-user`, and gets 429 once that is spent.
         */
        get: operations["readLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Starts a session and ends the one that the cookie named before. In a browser without the account's device cookie, it sends a notice. An address that is not confirmed yet has no account. A ban is revealed only after the correct password.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of the cookie and clears the cookie. Requires no access token; idempotent.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your account
         * @description The account that the access token belongs to.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        /**
         * Close your account
         * @description Immediately ends every session of the account and voids its open links. The account then responds like one that does not exist. For 14 days, the link in the email that this sends restores it. After that, the account and its tasks are deleted. The last active admin cannot leave. A repeated request gets `session-ended`: the account is closed. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        delete: operations["closeAccount"];
        options?: never;
        head?: never;
        /**
         * Change your account
         * @description Absent members stay as they are. A `timeZone` of null clears it.
         */
        patch: operations["patchMe"];
        trace?: never;
    };
    "/api/auth/not-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo what an intruder did
         * @description For the link “This wasn't me” in notices, which works for 72 hours. Ends every session, voids every open link and the password, forgets all known browsers, restores the address that the account had before the changes of the last 72 hours, sends a link for a new password there, and keeps the address from changing for 72 hours. A notice from before the last use of such a link changes nothing.
         */
        post: operations["notMe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new access token
         * @description Rotates the refresh token. Until its successor is used, the previous one works too: for 60 seconds it yields the same successor, later a new one, so two tabs or a lost response do no harm. Any older token is reuse, which ends the session.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up
         * @description Sends an email that confirms the address, or a notice if the address already has an account. An unconfirmed sign-up expires after 24 hours. Send an `Idempotency-Key` to make retries safe. The response and the work are the same whether or not the address is known.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/resend-verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the confirmation email again
         * @description Sends the link of the newest sign-up, or a notice if the address already has an account. The response and the work are the same whether or not the address is known.
         */
        post: operations["resendVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Go to the page that sets a new password
         * @description For clients that open the link in an email with GET. Changes nothing: the page acts on a click.
         */
        get: operations["resetPasswordPage"];
        put?: never;
        /**
         * Set a new password
         * @description Uses up the link, ends every session and every other link of the account, and sends a notice. A repeated request with the same password succeeds and changes nothing.
         */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a closed account
         * @description Opens the account again, with its password and its tasks, and sends a notice. Starts no session: the person signs in. Does not lift a ban. While the account is open, a repeated request succeeds and changes nothing. A link of an earlier closing does not open an account that was closed again.
         */
        post: operations["restoreAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your sessions
         * @description The sessions that still work, the most recently used first: at most 100. They name the device and the place of the sign-in.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /**
         * End your other sessions
         * @description Signs out all other devices. With `current=true`, it signs out this one too. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        delete: operations["deleteSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of your sessions
         * @description Signs a device out. Its access token is refused immediately, its refresh token too. Ending a session that has already ended succeeds. If it is the session of the access token, this is a sign-out.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove who you are again
         * @description For operations that respond `step-up-required`. Returns an access token with a new `auth_time`, which later refreshes keep. The session and its cookie stay. A wrong password ends nothing. Repeating it is safe.
         */
        post: operations["stepUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Go to the confirmation page
         * @description For clients that open the link in an email with GET. Changes nothing: the page acts on a click.
         */
        get: operations["verifyEmailPage"];
        put?: never;
        /**
         * Confirm an email address
         * @description Creates the account and signs in. With the `registration` of a sign-up for the same address, the password of that sign-up takes effect. Without it, the caller may be another person than the one who signed up: send the `password` that is to take effect. Every link works until it expires. Once the address is confirmed, the repeated request signs in again while its password is still that of the account, and so does a request with the account's password.
         */
        post: operations["verifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cron/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Send due emails and purge expired rows
         * @description Called by Vercel's cron, with `CRON_SECRET` as bearer token. Leases due emails and responds. They are sent after the response, and the log records each outcome.
         */
        get: operations["deliverOutbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the URL of your calendar feed
         * @description 404 if the account has no feed, or if the feed has ended. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        get: operations["getFeed"];
        put?: never;
        /**
         * Create or replace your calendar feed
         * @description An account has at most one feed. A new feed replaces it, and the old URL stops working. Repeating the request is safe: the last response and `GET /api/feed` have the current URL. With the same `Idempotency-Key`, a retry replaces nothing and returns the current feed, or 404 if it has ended. The owner gets a notice by email. An account may create five feeds in a row, then one an hour. The feed ends with a new password, a ban, the closing of the account, “This wasn't me”, or a sign-out by an admin, but not when you sign out. Requires a sign-in or a step-up within the last 10 minutes (RFC 9470).
         */
        post: operations["createFeed"];
        /**
         * Revoke your calendar feed
         * @description Its URL stops working. Repeating the request succeeds.
         */
        delete: operations["deleteFeed"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feed/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read open tasks as a calendar
         * @description For calendar programs: iCalendar (RFC 5545), with one VTODO per task that is neither done nor in the trash. The secret in the URL is the only credential. `DUE` is the due date, as a date or as a time in UTC; a task without a due date is due on its deadline. Priority 3 becomes 1, 2 becomes 5, and 1 becomes 9. A recurring task appears as one occurrence without RRULE; the next one appears when it is done. The feed has at most 1,000 tasks and about 1024 KiB: those with the earliest due dates first, those without a due date last. Descriptions are cut off after 1,000 characters. A response may be cached for 5 minutes. Reads are charged to a budget of the account that is separate from that of the API.
         */
        get: operations["readFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that functions run
         * @description Liveness: reads no variable and makes no database call.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your labels
         * @description Sorted by name. A label exists from its first use until it is deleted, even if no task has it.
         */
        get: operations["listLabels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/labels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a label
         * @description Without the number of its tasks. Only the list has that.
         */
        get: operations["getLabel"];
        put?: never;
        post?: never;
        /**
         * Delete a label
         * @description Every task with the label, including those in the trash, loses it and gets a new version. Repeating the request succeeds.
         */
        delete: operations["deleteLabel"];
        options?: never;
        head?: never;
        /**
         * Rename a label
         * @description Every task with the label, including those in the trash, gets the new name and a new version. The name of another label is refused, because merging two labels cannot be undone.
         */
        patch: operations["patchLabel"];
        trace?: never;
    };
    "/api/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your projects
         * @description In the order that you chose. The inbox, which has the tasks without a project, is not listed.
         */
        get: operations["listProjects"];
        put?: never;
        /**
         * Create a project
         * @description The new project comes last. One account may have 500 projects.
         */
        post: operations["createProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a project
         * @description `GET /api/tasks?project={id}` lists its tasks.
         */
        get: operations["getProject"];
        put?: never;
        post?: never;
        /**
         * Delete a project
         * @description `tasks` decides whether its tasks move to the trash or to the inbox. Tasks that are already in the trash stay there, and go to the inbox if they are restored. Repeating the request succeeds.
         */
        delete: operations["deleteProject"];
        options?: never;
        head?: never;
        /**
         * Rename or archive a project
         * @description The tasks of an archived project stay as they are. A no-op keeps the version.
         */
        patch: operations["patchProject"];
        trace?: never;
    };
    "/api/projects/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a project in the order of your projects
         * @description Puts the project directly after `after`, directly before `before`, or last. A project that is already there keeps its version. If there is no room between two projects, all your projects get new positions.
         */
        post: operations["moveProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the API can serve requests
         * @description Readiness: queries the database and checks that every migration is applied. The log says what a 503 is about.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get all changes since the last synchronization
         * @description Start without `since` to get everything. Store `next`, and send it as `since` the next time; while `hasMore` is true, continue immediately. Replace your copy of a resource with its change, and delete it for a tombstone. A client that does not synchronize for more than 90 days may have to start again.
         */
        get: operations["syncChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your tasks
         * @description Newest first, unless `sort` says otherwise. Tasks with equal sort values are ordered by creation, in the same direction.
         */
        get: operations["listTasks"];
        put?: never;
        /**
         * Create a task
         * @description Send an `Idempotency-Key` to make retries safe. One account may have 10,000 tasks.
         */
        post: operations["createTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a task
         * @description Send the ETag as `If-None-Match` to get 304 while the task is unchanged.
         */
        get: operations["getTask"];
        /**
         * Create or replace a task
         * @description The caller chooses the id of a new task, so a retry cannot create a second one. The id is a UUIDv7 whose time is at most a day ahead. An existing task is replaced: absent members get the defaults of a new task. Send `If-None-Match: *` to only create. The id of a deleted task responds 404, even after the trash was emptied.
         */
        put: operations["putTask"];
        post?: never;
        /**
         * Move a task to the trash
         * @description `undo` is the request that restores it. Send the ETag as `If-Match` to delete only the version that you have read. Repeating the request succeeds.
         */
        delete: operations["deleteTask"];
        options?: never;
        head?: never;
        /**
         * Change a task
         * @description Absent members stay as they are, null clears a member, and `due`, `recurrence` and `labels` are replaced as a whole. A no-op keeps the version. `status: done` on a recurring task creates the next one, exactly once, with the same content. Reopening the task within an hour removes the next one, unless that has changed.
         */
        patch: operations["patchTask"];
        trace?: never;
    };
    "/api/tasks/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the changes of a task
         * @description Newest first. A task in the trash has its history too. An account keeps its last 10,000 changes.
         */
        get: operations["listTaskRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a task in the order of your tasks
         * @description Puts the task directly after `after`, directly before `before`, or last. A task that is already there keeps its version, so repeating the request is safe. If there is no room between two tasks, all your tasks get new positions.
         */
        post: operations["moveTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a task from the trash
         * @description The task is the same as before, with a new version. A task that is not in the trash stays as it is, so repeating the request succeeds.
         */
        post: operations["restoreTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create, change, delete and move tasks together
         * @description Applies up to 100 operations: either all of them, or nothing changes. They run in order, and each sees the effects of the earlier ones. A task may have only one operation. A problem points to the first operation that failed, such as `/operations/3/id`. A batch costs one write per operation, even if it is refused, and must fit into a body of 64 KiB. A replay with the same `Idempotency-Key` changes nothing and returns the tasks as they are now.
         */
        post: operations["batchTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download your tasks as a file
         * @description All tasks that are not in the trash, and your projects. `json` has everything that an import can restore: imported into an empty account and exported again, it gives the same file. `csv` is for spreadsheets: a cell that a spreadsheet would treat as a formula gets a leading apostrophe, which an import removes. `ics` is iCalendar (RFC 5545) with one VTODO per task, without recurrence; a task without a due date is due on its deadline. The file is streamed. If the session ends or the database fails during the download, it breaks off. It must finish within 30 seconds. An account may start five exports in a row, then one a day.
         */
        get: operations["exportTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create tasks from a file
         * @description Creates the tasks that you do not have yet, after all others, and never changes an existing task. The report has the outcome of each row; a refused row does not stop the others. Importing the same file again creates nothing: a task without an id gets one derived from your account, its row and its project, or from its UID. Missing labels and projects are created; an account may have 500 projects. A file may have 1,000 rows, and the body may have 1 MiB. Import larger files in parts: a subtask finds its parent in the same part, or in an earlier one if ids are kept. If a parent is refused, so are its subtasks. A task without a creation time gets that of your account. In Todoist files, priority 1 and an empty cell mean urgent; sections, comments and recurring dates are left out. An account may import 60 files in a row, then one a minute.
         */
        post: operations["importTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deleted tasks
         * @description Most recently deleted first. A task stays for 30 days. The trash holds 10,000 tasks; when it is full, the oldest are deleted for good.
         */
        get: operations["listTrash"];
        put?: never;
        post?: never;
        /**
         * Delete the tasks in the trash for good
         * @description Deletes their history too.
         */
        delete: operations["emptyTrash"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive an event about an email from Resend
         * @description Called by Resend, which signs the request with `RESEND_WEBHOOK_SECRET`. After a permanent bounce or a spam complaint, the address gets no further email for a while, or until `suppression.removed` arrives. Other events change nothing. Repeating an event is safe.
         */
        post: operations["receiveEmailEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccessToken: {
            /**
             * @description JWT for the `Authorization` header; keep it in memory only
             * @example eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhYWYzZSJ9.mK3vQx0bQm4
             */
            accessToken: string;
            /**
             * @description Seconds until the access token expires
             * @example 900
             */
            expiresIn: number;
            /** @enum {string} */
            tokenType: "Bearer";
        };
        AccountExport: {
            account: components["schemas"]["User"];
            changesAsAdmin: components["schemas"]["ExportedAdminAction"][];
            changesByAdmins: components["schemas"]["ExportedChange"][];
            emailChanges: components["schemas"]["ExportedEmailChange"][];
            emails: components["schemas"]["ExportedEmail"][];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            exportedAt: string;
            feeds: components["schemas"]["ExportedFeed"][];
            labels: components["schemas"]["Label"][];
            links: components["schemas"]["ExportedLink"][];
            projects: components["schemas"]["Project"][];
            securityEvents: components["schemas"]["SecurityEvent"][];
            sessions: components["schemas"]["ExportedSession"][];
            signUps: components["schemas"]["ExportedSignUp"][];
            taskChanges: components["schemas"]["ExportedTaskChange"][];
            tasks: components["schemas"]["Task"][];
            trash: components["schemas"]["Task"][];
        };
        AdminEvent: {
            /**
             * @description `promoted`, `demoted`, `banned`, `unbanned`, `ban-changed`, `deleted`, `closed`, `restored`, `purged`, `sessions-ended`, `reset-started`, `email-retried`, `email-dropped`; later versions may add others
             * @example promoted
             */
            action: string;
            /** @description null: an operator with the command line, the link that restores an account, or the purge of closed accounts */
            actor: {
                /**
                 * Format: uuid
                 * @description The admin
                 * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
                 */
                id: string;
                /**
                 * @description The current name; null once the account is deleted
                 * @example Ada Lovelace
                 */
                name: string | null;
            } | null;
            /**
             * @description The same members after the change; null after a deletion, and if no member changed
             * @example {
             *       "role": "admin"
             *     }
             */
            after: {
                /**
                 * Format: date-time
                 * @description null: not banned
                 * @example null
                 */
                bannedAt?: string | null;
                /**
                 * Format: date-time
                 * @description When the ban ends by itself; null: no end
                 * @example null
                 */
                bannedUntil?: string | null;
                /**
                 * Format: date-time
                 * @description When the user closed the account, which is deleted 14 days later; null: it is open
                 * @example null
                 */
                closedAt?: string | null;
                /** @description The email of `email-retried` and `email-dropped`, in `after` */
                email?: {
                    /**
                     * @description false: it belongs to no account
                     * @example true
                     */
                    hasAccount: boolean;
                    /** Format: uuid */
                    id: string;
                    /** @example reset-password */
                    kind: string;
                };
                /**
                 * @description Whether the ban has a reason. Both are true if another reason took its place
                 * @example true
                 */
                hasBanReason?: boolean;
                role?: components["schemas"]["Role"];
            } | null;
            /**
             * @description The members that changed, before the change
             * @example {
             *       "role": "user"
             *     }
             */
            before: {
                /**
                 * Format: date-time
                 * @description null: not banned
                 * @example null
                 */
                bannedAt?: string | null;
                /**
                 * Format: date-time
                 * @description When the ban ends by itself; null: no end
                 * @example null
                 */
                bannedUntil?: string | null;
                /**
                 * Format: date-time
                 * @description When the user closed the account, which is deleted 14 days later; null: it is open
                 * @example null
                 */
                closedAt?: string | null;
                /** @description The email of `email-retried` and `email-dropped`, in `after` */
                email?: {
                    /**
                     * @description false: it belongs to no account
                     * @example true
                     */
                    hasAccount: boolean;
                    /** Format: uuid */
                    id: string;
                    /** @example reset-password */
                    kind: string;
                };
                /**
                 * @description Whether the ban has a reason. Both are true if another reason took its place
                 * @example true
                 */
                hasBanReason?: boolean;
                role?: components["schemas"]["Role"];
            } | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description Newer events have greater ids
             * @example 019aaf40-1f0e-7b1c-8d52-3c9e5a7b1d04
             */
            id: string;
            /**
             * @description The `X-Request-Id` of the change, which the log has too; null for the command line
             * @example 8f14e45f-ceea-467f-9c1e-2b6a5d3f7a10
             */
            requestId: string | null;
            target: {
                /**
                 * Format: uuid
                 * @description The user. For an email that belongs to no account, the admin: then `after.email.hasAccount` is false
                 * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
                 */
                id: string;
                /**
                 * @description The current name; null once the account is deleted
                 * @example Ada Lovelace
                 */
                name: string | null;
            };
        };
        AdminEventPage: {
            data: components["schemas"]["AdminEvent"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        AdminUser: {
            /**
             * Format: date-time
             * @description null: not banned
             * @example null
             */
            bannedAt: string | null;
            /**
             * Format: date-time
             * @description When the ban ends by itself; null: no end
             * @example null
             */
            bannedUntil: string | null;
            /**
             * @description Why the account is banned, in an admin's words; null: no reason
             * @example null
             */
            banReason: string | null;
            /**
             * Format: date-time
             * @description When the user closed the account, which is deleted 14 days later; null: it is open
             * @example null
             */
            closedAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /** @example ada@example.com */
            email: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the user
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            id: string;
            /** @example Ada Lovelace */
            name: string;
            role: components["schemas"]["Role"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            updatedAt: string;
        };
        AdminUserPage: {
            data: components["schemas"]["AdminUser"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        BatchTasksRequest: {
            operations: components["schemas"]["TaskOperation"][];
        };
        BudgetLevel: {
            /**
             * Format: date-time
             * @description When the budget will be full again; null: it is full
             * @example 2026-11-23T15:04:06.123Z
             */
            fullAt: string | null;
            /**
             * @description Units in a full budget
             * @example 600
             */
            limit: number;
            /**
             * @description The name in the `RateLimit` header of a 429. Units: `write-user`: a request that may write; `data-user`: 64 KiB of data from the database; `feed-user`: a new calendar feed; `feed-data-user`: 64 KiB of data for the calendar feed; `export-user`: an export; `task-export-user`: an export of the tasks; `import-user`: an import of tasks; `session-user`: a sign-in with the correct password; `change-email-user`: a request to change the address. Later versions may add budgets
             * @example write-user
             */
            name: string;
            /**
             * @description Seconds until one unit returns
             * @example 1
             */
            refillSeconds: number;
            /**
             * @description Units left now; at 0, a request that needs one gets 429
             * @example 599
             */
            remaining: number;
        };
        ChangeEmailRequest: {
            /**
             * Format: email
             * @description Case-insensitive. An international domain is stored in punycode
             * @example ada@example.org
             */
            email: string;
        };
        ChangePasswordRequest: {
            /** @example battery horse staple */
            currentPassword: string;
            /**
             * @description 8 to 128 characters after NFKC, of any kind; not a common password, nor your email address or name, even with digits or signs at its end; not a password that a data breach has revealed
             * @example plum orbit carpet seven
             */
            newPassword: string;
        };
        ClosedAccount: {
            /**
             * Format: date-time
             * @description Until then, the link in the email restores the account. Its data is deleted after that.
             * @example 2026-11-23T15:04:05.123Z
             */
            purgeAt: string;
        };
        ConfirmNewEmailRequest: {
            /**
             * @description The token from the link in the email
             * @example AZqvM0x2cYi_bSKkJdYb8Q4Yb0m1l7m6T9o2n3v8y1c
             */
            token: string;
        };
        CountedLabel: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the label
             * @example 019aaf3e-9b1d-7f60-8c42-5a1e6d3b7c90
             */
            id: string;
            /** @example Garden */
            name: string;
            /**
             * @description Tasks with the label, not counting the trash
             * @example 3
             */
            taskCount: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            updatedAt: string;
            /**
             * @description Grows by one with each change
             * @example 1
             */
            version: number;
        };
        CreateOperation: {
            /**
             * Format: uuid
             * @description Chosen by you, so that later operations can refer to the task. It must be a UUIDv7 whose time is at most a day ahead, and no task may have used it before
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b24
             */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "create";
            task: {
                /**
                 * Format: date
                 * @description The last possible day; null: without one
                 * @example 2026-12-31
                 */
                deadline?: string | null;
                /**
                 * @description Up to 16 KiB in UTF-8
                 * @default null
                 * @example The ones on the balcony too.
                 */
                description?: string | null;
                /**
                 * @description Due on a day, or at a time of this day in a time zone; null: without a due date
                 * @example {
                 *       "date": "2026-12-24",
                 *       "time": "09:30",
                 *       "timeZone": "Europe/Copenhagen"
                 *     }
                 */
                due?: {
                    /**
                     * Format: date
                     * @description A date from 1900-01-01 to 2399-12-31
                     * @example 2026-11-23
                     */
                    date: string;
                    /**
                     * @description Hours and minutes on a clock of 24 hours
                     * @example 09:30
                     */
                    time?: string;
                    /**
                     * Format: time-zone
                     * @description IANA name in any case, current or older. The response has the same name, in IANA's spelling. Offsets such as `+01:00` are not names.
                     * @example Europe/Copenhagen
                     */
                    timeZone?: string;
                } | null;
                /**
                 * @description Up to 20. Case does not distinguish labels; each keeps the spelling of its first use
                 * @example [
                 *       "Garden"
                 *     ]
                 */
                labels?: string[];
                /**
                 * Format: uuid
                 * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
                 * @example null
                 */
                parentId?: string | null;
                /**
                 * @description 0 to 3; 3 is urgent
                 * @example 0
                 */
                priority?: number;
                /**
                 * Format: uuid
                 * @description The project; null: the inbox. A subtask is always in the project of its parent
                 * @example null
                 */
                projectId?: string | null;
                /**
                 * @description Completing the task creates one with the next due date, whose id is in `nextTaskId`. null: the task does not repeat
                 * @example {
                 *       "rule": "FREQ=WEEKLY;BYDAY=MO",
                 *       "from": "due"
                 *     }
                 */
                recurrence?: {
                    /**
                     * @description `due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion
                     * @enum {string}
                     */
                    from: "due" | "completion";
                    /**
                     * Format: rrule
                     * @description RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)
                     * @example FREQ=WEEKLY;BYDAY=MO
                     */
                    rule: string;
                } | null;
                status?: components["schemas"]["TaskStatus"];
                /** @example Water the plants */
                title: string;
            };
        };
        CreateProjectRequest: {
            /** @example Move to the new flat */
            name: string;
        };
        CreateTaskRequest: {
            /**
             * Format: date
             * @description The last possible day; null: without one
             * @example 2026-12-31
             */
            deadline?: string | null;
            /**
             * @description Up to 16 KiB in UTF-8
             * @default null
             * @example The ones on the balcony too.
             */
            description?: string | null;
            /**
             * @description Due on a day, or at a time of this day in a time zone; null: without a due date
             * @example {
             *       "date": "2026-12-24",
             *       "time": "09:30",
             *       "timeZone": "Europe/Copenhagen"
             *     }
             */
            due?: {
                /**
                 * Format: date
                 * @description A date from 1900-01-01 to 2399-12-31
                 * @example 2026-11-23
                 */
                date: string;
                /**
                 * @description Hours and minutes on a clock of 24 hours
                 * @example 09:30
                 */
                time?: string;
                /**
                 * Format: time-zone
                 * @description IANA name in any case, current or older. The response has the same name, in IANA's spelling. Offsets such as `+01:00` are not names.
                 * @example Europe/Copenhagen
                 */
                timeZone?: string;
            } | null;
            /**
             * @description Up to 20. Case does not distinguish labels; each keeps the spelling of its first use
             * @example [
             *       "Garden"
             *     ]
             */
            labels?: string[];
            /**
             * Format: uuid
             * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
             * @example null
             */
            parentId?: string | null;
            /**
             * @description 0 to 3; 3 is urgent
             * @example 0
             */
            priority?: number;
            /**
             * Format: uuid
             * @description The project; null: the inbox. A subtask is always in the project of its parent
             * @example null
             */
            projectId?: string | null;
            /**
             * @description Completing the task creates one with the next due date, whose id is in `nextTaskId`. null: the task does not repeat
             * @example {
             *       "rule": "FREQ=WEEKLY;BYDAY=MO",
             *       "from": "due"
             *     }
             */
            recurrence?: {
                /**
                 * @description `due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion
                 * @enum {string}
                 */
                from: "due" | "completion";
                /**
                 * Format: rrule
                 * @description RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)
                 * @example FREQ=WEEKLY;BYDAY=MO
                 */
                rule: string;
            } | null;
            /** @default todo */
            status?: components["schemas"]["TaskStatus"];
            /** @example Water the plants */
            title: string;
        };
        DeleteOperation: {
            /**
             * Format: uuid
             * @description UUIDv7 of the task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "delete";
            /**
             * @description Refuses the batch if the task has another version, like `If-Match`
             * @example 1
             */
            version?: number;
        };
        Device: {
            /**
             * @description Name of the browser; null: not known
             * @example Chrome
             */
            browser: string | null;
            /**
             * @description `desktop`, `phone`, `tablet`; later versions may add others; null: not known
             * @example desktop
             */
            kind: string | null;
            /**
             * @description Name of the operating system; null: not known
             * @example Windows
             */
            os: string | null;
        };
        /** @description A change that this account has made to another one */
        ExportedAdminAction: {
            /**
             * @description `promoted`, `demoted`, `banned`, `unbanned`, `ban-changed`, `deleted`, `closed`, `restored`, `purged`, `sessions-ended`, `reset-started`, `email-retried`, `email-dropped`; later versions may add others
             * @example promoted
             */
            action: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
        };
        /** @description A change to this account */
        ExportedChange: {
            /**
             * @description `promoted`, `demoted`, `banned`, `unbanned`, `ban-changed`, `deleted`, `closed`, `restored`, `purged`, `sessions-ended`, `reset-started`, `email-retried`, `email-dropped`; later versions may add others
             * @example promoted
             */
            action: string;
            /**
             * @description The same members after the change; null after a deletion, and if no member changed
             * @example {
             *       "role": "admin"
             *     }
             */
            after: {
                /**
                 * Format: date-time
                 * @description null: not banned
                 * @example null
                 */
                bannedAt?: string | null;
                /**
                 * Format: date-time
                 * @description When the ban ends by itself; null: no end
                 * @example null
                 */
                bannedUntil?: string | null;
                /**
                 * Format: date-time
                 * @description When the user closed the account, which is deleted 14 days later; null: it is open
                 * @example null
                 */
                closedAt?: string | null;
                /** @description The email of `email-retried` and `email-dropped`, in `after` */
                email?: {
                    /**
                     * @description false: it belongs to no account
                     * @example true
                     */
                    hasAccount: boolean;
                    /** Format: uuid */
                    id: string;
                    /** @example reset-password */
                    kind: string;
                };
                /**
                 * @description Whether the ban has a reason. Both are true if another reason took its place
                 * @example true
                 */
                hasBanReason?: boolean;
                role?: components["schemas"]["Role"];
            } | null;
            /**
             * @description The members that changed, before the change
             * @example {
             *       "role": "user"
             *     }
             */
            before: {
                /**
                 * Format: date-time
                 * @description null: not banned
                 * @example null
                 */
                bannedAt?: string | null;
                /**
                 * Format: date-time
                 * @description When the ban ends by itself; null: no end
                 * @example null
                 */
                bannedUntil?: string | null;
                /**
                 * Format: date-time
                 * @description When the user closed the account, which is deleted 14 days later; null: it is open
                 * @example null
                 */
                closedAt?: string | null;
                /** @description The email of `email-retried` and `email-dropped`, in `after` */
                email?: {
                    /**
                     * @description false: it belongs to no account
                     * @example true
                     */
                    hasAccount: boolean;
                    /** Format: uuid */
                    id: string;
                    /** @example reset-password */
                    kind: string;
                };
                /**
                 * @description Whether the ban has a reason. Both are true if another reason took its place
                 * @example true
                 */
                hasBanReason?: boolean;
                role?: components["schemas"]["Role"];
            } | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
        };
        ExportedEmail: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * @description The device that the email names
             * @example Firefox on Linux
             */
            device: string | null;
            /**
             * @description `verify-email`, `already-registered`, `reset-password`, `password-changed`, `password-changed-signed-in`, `session-reuse`, `new-device`, `confirm-email`, `email-change-requested`, `email-changed`, `account-secured`, `admin-added`, `promoted`, `demoted`, `banned`, `unbanned`, `ban-changed`, `sessions-ended-by-admin`, `account-closed`, `account-restored`, `feed-created`; later versions may add others
             * @example verify-email
             */
            kind: string;
            /**
             * @description Where the IP address is, roughly; null: not known
             * @example near Aarhus, DK
             */
            place: string | null;
            /**
             * @description null: the email was withheld
             * @example ada@example.com
             */
            recipient: string | null;
            /**
             * Format: date-time
             * @description null: not sent
             * @example null
             */
            sentAt: string | null;
        };
        /** @description A change of the address in the last days */
        ExportedEmailChange: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            changedAt: string;
            /** @example ada@example.com */
            fromEmail: string;
            /** @example ada@example.com */
            toEmail: string;
            /**
             * Format: date-time
             * @description null: not undone
             * @example null
             */
            undoneAt: string | null;
        };
        /** @description The calendar feed, without its URL */
        ExportedFeed: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
        };
        /** @description A link that was sent by email, without its token */
        ExportedLink: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * @description The address that a link of the purpose `change-email` gives to the account
             * @example null
             */
            email: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            expiresAt: string;
            /**
             * @description `verify-email`, `reset-password`, `restore-account`, `change-email`; later versions may add others
             * @example verify-email
             */
            purpose: string;
            /**
             * Format: date-time
             * @description null: not used
             * @example null
             */
            usedAt: string | null;
        };
        ExportedSession: {
            /**
             * Format: date-time
             * @description When the session started
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            device: components["schemas"]["Device"];
            /**
             * Format: date-time
             * @description null: no sign-out has ended it
             * @example null
             */
            endedAt: string | null;
            /**
             * Format: date-time
             * @description When the session ends at the latest
             * @example 2026-11-23T15:04:05.123Z
             */
            expiresAt: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the session
             * @example 019aaf3e-8d21-7c4e-b0a6-5d2f7e9c1b34
             */
            id: string;
            /**
             * Format: date-time
             * @description When the session was last refreshed, or started
             * @example 2026-11-23T15:04:05.123Z
             */
            lastUsedAt: string;
            /**
             * @description Where the IP address is, roughly; null: not known
             * @example near Aarhus, DK
             */
            place: string | null;
        };
        /** @description A sign-up with the address before it was confirmed */
        ExportedSignUp: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /** @example ada@example.com */
            email: string;
            /**
             * Format: date-time
             * @description When the sign-up is deleted
             * @example 2026-11-23T15:04:05.123Z
             */
            expiresAt: string;
            /** @example Ada Lovelace */
            name: string;
        };
        ExportedTaskChange: {
            /**
             * @description The changed members as they were before
             * @example {
             *       "title": "Water plants"
             *     }
             */
            before: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            changedAt: string;
            /**
             * Format: uuid
             * @description The session that made the change
             * @example null
             */
            sessionId: string | null;
            /**
             * Format: uuid
             * @description UUIDv7 of the task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            taskId: string;
            /**
             * @description Grows by one with each change; the ETag names it
             * @example 1
             */
            version: number;
        };
        Feed: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * Format: uri
             * @description The secret URL for calendar programs. It returns the open tasks without a sign-in
             * @example https://latchkey.example/api/feed/Example-secret-Example-secret-Example-secret-Example-secret-Example-secret-Example-sec.ics
             */
            url: string;
        };
        FieldError: {
            message: string;
            /** @description JSON pointer into the body (RFC 6901) */
            pointer: string;
        } | {
            message: string;
            /** @description Name of a parameter or header */
            parameter: string;
        };
        FileProject: {
            /**
             * Format: date-time
             * @description null: not archived
             * @example null
             */
            archivedAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the project
             * @example 019aaf3e-8a4d-7b21-9c33-1d2e3f4a5b6c
             */
            id: string;
            /** @example Move to the new flat */
            name: string;
        };
        FileTask: {
            /**
             * Format: date-time
             * @description null: not done
             * @example null
             */
            completedAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * Format: date
             * @description The last possible day; null: without one
             * @example 2026-12-31
             */
            deadline: string | null;
            /** @example The ones on the balcony too. */
            description: string | null;
            /**
             * @description Due on a day, or at a time of this day in a time zone; null: without a due date
             * @example {
             *       "date": "2026-12-24",
             *       "time": "09:30",
             *       "timeZone": "Europe/Copenhagen"
             *     }
             */
            due: {
                /**
                 * Format: date
                 * @description A date from 1900-01-01 to 2399-12-31
                 * @example 2026-11-23
                 */
                date: string;
                /**
                 * @description Hours and minutes on a clock of 24 hours
                 * @example 09:30
                 */
                time?: string;
                /** @example Europe/Copenhagen */
                timeZone?: string;
            } | null;
            /**
             * Format: uuid
             * @description UUIDv7 of the task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            id: string;
            /**
             * @example [
             *       "Garden"
             *     ]
             */
            labels: string[];
            /**
             * Format: uuid
             * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
             * @example null
             */
            parentId: string | null;
            /**
             * @description 0 to 3; 3 is urgent
             * @example 0
             */
            priority: number;
            /**
             * Format: uuid
             * @description The project; null: the inbox. A subtask is always in the project of its parent
             * @example null
             */
            projectId: string | null;
            recurrence: {
                /**
                 * @description `due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion
                 * @enum {string}
                 */
                from: "due" | "completion";
                /**
                 * @description The number of this task in its series, from 1
                 * @example 1
                 */
                occurrence: number;
                /**
                 * Format: rrule
                 * @description RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)
                 * @example FREQ=WEEKLY;BYDAY=MO
                 */
                rule: string;
                /**
                 * Format: date
                 * @description The date that the rule counts from
                 * @example 2026-11-30
                 */
                start: string;
            } | null;
            status: components["schemas"]["TaskStatus"];
            /** @example Water the plants */
            title: string;
        };
        ForgotPasswordRequest: {
            /**
             * Format: email
             * @description Case-insensitive. An international domain is stored in punycode
             * @example ada@example.com
             */
            email: string;
        };
        Health: {
            /**
             * @description The deployed commit
             * @example null
             */
            commit: string | null;
            /** @enum {string} */
            status: "ok";
            /**
             * Format: date-time
             * @example 2026-11-23T15:04:05.123Z
             */
            time: string;
        };
        ImportedRow: {
            /**
             * @description Why the row was refused. Pointers are relative to a task in JSON
             * @example [
             *       {
             *         "pointer": "/due/date",
             *         "message": "Invalid ISO date"
             *       }
             *     ]
             */
            errors?: {
                message: string;
                pointer: string;
            }[];
            /**
             * Format: uuid
             * @description null: the row was skipped or refused
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            id: string | null;
            /**
             * @description Parts of the row that were left out
             * @example [
             *       "The date “every day” was left out."
             *     ]
             */
            notes?: string[];
            /**
             * @description `exists`: you already have the task, and it stays as it is. `deleted`: you deleted the task, and it stays deleted. `skipped`: the row is not a task
             * @enum {string}
             */
            outcome: "created" | "exists" | "deleted" | "skipped" | "refused";
            /**
             * @description 1 is the first row or task in the file. Empty rows are not counted
             * @example 1
             */
            row: number;
        };
        ImportReport: {
            /**
             * @description Rows with the outcome `created`
             * @example 1
             */
            created: number;
            /** @example false */
            dryRun: boolean;
            rows: components["schemas"]["ImportedRow"][];
        };
        ImportTasksRequest: {
            /**
             * Format: task-file
             * @description The text of the file
             * @example title,priority,dueDate
             *     Water the plants,0,2026-12-24
             */
            content: string;
            /**
             * @description Only report what the import would do
             * @default false
             * @example true
             */
            dryRun?: boolean;
            /**
             * @description `json`: an exported file, or an object with `tasks` and optionally `projects`. `csv`: a header with `title` and any other columns of the export. `todoist`: a project that Todoist exported as CSV. `ics`: iCalendar with VTODOs
             * @example csv
             * @enum {string}
             */
            format: "json" | "csv" | "todoist" | "ics";
            /**
             * @description `keep`: tasks and projects get the ids in the file, for example to restore a backup. `new`: they get ids derived from those and your account, for tasks from another account or to recreate deleted ones
             * @default keep
             * @enum {string}
             */
            ids?: "keep" | "new";
            /**
             * Format: uuid
             * @description The project for rows without one; null: the inbox
             * @default null
             * @example null
             */
            projectId?: string | null;
            /**
             * Format: time-zone
             * @description The time zone for times without one, except in `json`. Without it, such times are left out; in `csv`, their rows are refused
             * @example Europe/Copenhagen
             */
            timeZone?: string;
        };
        JwkSet: {
            keys: {
                /** @enum {string} */
                alg: "EdDSA";
                /** @enum {string} */
                crv: "Ed25519";
                /** @example kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k */
                kid: string;
                /** @enum {string} */
                kty: "OKP";
                /** @enum {string} */
                use: "sig";
                /**
                 * @description The public key, base64url
                 * @example 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo
                 */
                x: string;
            }[];
        };
        Label: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the label
             * @example 019aaf3e-9b1d-7f60-8c42-5a1e6d3b7c90
             */
            id: string;
            /** @example Garden */
            name: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            updatedAt: string;
            /**
             * @description Grows by one with each change
             * @example 1
             */
            version: number;
        };
        LabelPage: {
            data: components["schemas"]["CountedLabel"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        Limits: {
            budgets: components["schemas"]["BudgetLevel"][];
            quotas: components["schemas"]["QuotaLevel"][];
        };
        Login: {
            /**
             * @description JWT for the `Authorization` header; keep it in memory only
             * @example eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhYWYzZSJ9.mK3vQx0bQm4
             */
            accessToken: string;
            /**
             * @description Seconds until the access token expires
             * @example 900
             */
            expiresIn: number;
            /** @enum {string} */
            tokenType: "Bearer";
            user: components["schemas"]["User"];
        };
        LoginRequest: {
            /**
             * Format: email
             * @description Case-insensitive. An international domain is stored in punycode
             * @example ada@example.com
             */
            email: string;
            /** @example plum orbit carpet seven */
            password: string;
        };
        Message: {
            /**
             * @description For people; may change
             * @example Check your email.
             */
            message: string;
        };
        MoveOperation: {
            /**
             * Format: uuid
             * @description Move directly after this task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b22
             */
            after?: string;
            /**
             * Format: uuid
             * @description Move directly before this task. With `after`, which decides the place, it may be any later task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b23
             */
            before?: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "move";
            /**
             * Format: uuid
             * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
             * @example null
             */
            parentId?: string | null;
            /**
             * Format: uuid
             * @description The project; null: the inbox. A subtask is always in the project of its parent
             * @example null
             */
            projectId?: string | null;
            /**
             * @description Refuses the batch if the task has another version, like `If-Match`
             * @example 1
             */
            version?: number;
        };
        MoveProjectRequest: {
            /**
             * Format: uuid
             * @description Move directly after this project
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b22
             */
            after?: string;
            /**
             * Format: uuid
             * @description Move directly before this project. With `after`, which decides the place, it may be any later project
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b23
             */
            before?: string;
        };
        MoveTaskRequest: {
            /**
             * Format: uuid
             * @description Move directly after this task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b22
             */
            after?: string;
            /**
             * Format: uuid
             * @description Move directly before this task. With `after`, which decides the place, it may be any later task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b23
             */
            before?: string;
            /**
             * Format: uuid
             * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
             * @example null
             */
            parentId?: string | null;
            /**
             * Format: uuid
             * @description The project; null: the inbox. A subtask is always in the project of its parent
             * @example null
             */
            projectId?: string | null;
        };
        NotMeRequest: {
            /**
             * @description The token from the link in the email
             * @example AZqvM0x2cYi_bSKkJdYb8Q4Yb0m1l7m6T9o2n3v8y1c
             */
            token: string;
        };
        OutboxEmail: {
            /**
             * @description Attempts so far, with the one that is running
             * @example 3
             */
            attempts: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the next attempt may start. Until then, a request may be sending it
             * @example 2026-11-23T15:04:05.123Z
             */
            dueAt: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the email
             * @example 019aaf42-6b1e-7c3a-8f40-1d9e2b7c5a68
             */
            id: string;
            /**
             * @description Later versions may add others
             * @example reset-password
             */
            kind: string;
            /**
             * @description A code: how the last attempt failed, or why the email is dead
             * @example application_error 500
             */
            lastError: string | null;
            /**
             * @description The address. Only its first character and its domain, if it is not the address of the account: strangers can type any address when they sign up
             * @example ada@example.com
             */
            recipient: string;
            /**
             * @description `waiting`: it is sent when it is due. `dead`: nothing sends it, unless you retry it
             * @enum {string}
             */
            state: "waiting" | "dead";
            /**
             * Format: uuid
             * @description null: it belongs to no account
             * @example null
             */
            userId: string | null;
        };
        OutboxPage: {
            data: components["schemas"]["OutboxEmail"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        OutboxRun: {
            /**
             * @description Emails leased for sending
             * @example 3
             */
            claimed: number;
            /**
             * @description Emails given up
             * @example 0
             */
            dead: number;
            /**
             * @description Expired rows deleted
             * @example 12
             */
            purged: number;
        };
        PatchLabelRequest: {
            /**
             * @description One line, stored in NFC
             * @example Garden
             */
            name: string;
        };
        PatchMeRequest: {
            /**
             * @description The name that the person goes by
             * @example Ada Lovelace
             */
            name?: string;
            /**
             * Format: time-zone
             * @description IANA name in any case, current or older. The response has the same name, in IANA's spelling. Offsets such as `+01:00` are not names.
             * @example Europe/Copenhagen
             */
            timeZone?: string | null;
        };
        PatchProjectRequest: {
            /**
             * @description Archives the project, or reopens it
             * @example true
             */
            archived?: boolean;
            /** @example Move to the new flat */
            name?: string;
        };
        PatchTaskRequest: {
            /**
             * Format: date
             * @description The last possible day; null: without one
             * @example 2026-12-31
             */
            deadline?: string | null;
            /**
             * @description Up to 16 KiB in UTF-8
             * @example The ones on the balcony too.
             */
            description?: string | null;
            /**
             * @description Due on a day, or at a time of this day in a time zone; null: without a due date
             * @example {
             *       "date": "2026-12-24",
             *       "time": "09:30",
             *       "timeZone": "Europe/Copenhagen"
             *     }
             */
            due?: {
                /**
                 * Format: date
                 * @description A date from 1900-01-01 to 2399-12-31
                 * @example 2026-11-23
                 */
                date: string;
                /**
                 * @description Hours and minutes on a clock of 24 hours
                 * @example 09:30
                 */
                time?: string;
                /**
                 * Format: time-zone
                 * @description IANA name in any case, current or older. The response has the same name, in IANA's spelling. Offsets such as `+01:00` are not names.
                 * @example Europe/Copenhagen
                 */
                timeZone?: string;
            } | null;
            /**
             * @description Up to 20. Case does not distinguish labels; each keeps the spelling of its first use
             * @example [
             *       "Garden"
             *     ]
             */
            labels?: string[];
            /**
             * Format: uuid
             * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
             * @example null
             */
            parentId?: string | null;
            /**
             * @description 0 to 3; 3 is urgent
             * @example 0
             */
            priority?: number;
            /**
             * Format: uuid
             * @description The project; null: the inbox. A subtask is always in the project of its parent
             * @example null
             */
            projectId?: string | null;
            /**
             * @description Completing the task creates one with the next due date, whose id is in `nextTaskId`. null: the task does not repeat
             * @example {
             *       "rule": "FREQ=WEEKLY;BYDAY=MO",
             *       "from": "due"
             *     }
             */
            recurrence?: {
                /**
                 * @description `due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion
                 * @enum {string}
                 */
                from: "due" | "completion";
                /**
                 * Format: rrule
                 * @description RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)
                 * @example FREQ=WEEKLY;BYDAY=MO
                 */
                rule: string;
            } | null;
            status?: components["schemas"]["TaskStatus"];
            /** @example Water the plants */
            title?: string;
        };
        PatchUserRequest: {
            /**
             * @description true bans the user, false lifts the ban
             * @example true
             */
            banned?: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, in the future: when the ban ends by itself. With `banned: true` only. Absent: no end, or that of the ban that stands; null: no end
             * @example 2099-01-01T00:00:00.000Z
             */
            bannedUntil?: string | null;
            /**
             * @description For the user, who reads it in the email and when signing in. With `banned: true` only. Absent: no reason, or that of the ban that stands; null: no reason
             * @example Spam in task titles
             */
            banReason?: string | null;
            role?: components["schemas"]["Role"];
        };
        /** @description RFC 9457 */
        Problem: {
            /**
             * @description Stable identifier of the error, for programs
             * @enum {string}
             */
            code: "malformed-json" | "invalid-link" | "invalid-cursor" | "unauthenticated" | "session-ended" | "step-up-required" | "invalid-credentials" | "invalid-signature" | "account-banned" | "forbidden" | "cross-site-request" | "not-found" | "method-not-allowed" | "last-admin" | "account-closed" | "label-exists" | "project-not-empty" | "email-outdated" | "email-sent" | "email-change-frozen" | "full-resync-required" | "precondition-failed" | "payload-too-large" | "unsupported-media-type" | "invalid-request" | "password-required" | "wrong-password" | "due-date-required" | "invalid-reference" | "idempotency-key-reused" | "quota-exceeded" | "rate-limited" | "internal" | "server-misconfigured" | "database-unavailable";
            /** @description Explains this occurrence to people */
            detail?: string;
            /** @description With `invalid-request`: every bad member or parameter. `wrong-password` may name the member too */
            errors?: components["schemas"]["FieldError"][];
            requestId: string;
            status: number;
            title: string;
            /**
             * Format: uri-reference
             * @description Page that explains the code
             */
            type: string;
        };
        Project: {
            /**
             * Format: date-time
             * @description null: not archived
             * @example null
             */
            archivedAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the project
             * @example 019aaf3e-8a4d-7b21-9c33-1d2e3f4a5b6c
             */
            id: string;
            /** @example Move to the new flat */
            name: string;
            /**
             * @description The place in the order of your projects: compare byte by byte, then by `id`
             * @example a0
             */
            position: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            updatedAt: string;
            /**
             * @description Grows by one with each change; the ETag names it
             * @example 1
             */
            version: number;
        };
        ProjectPage: {
            data: components["schemas"]["Project"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        PutTaskRequest: {
            /**
             * Format: date
             * @description The last possible day; null: without one
             * @example 2026-12-31
             */
            deadline?: string | null;
            /**
             * @description Up to 16 KiB in UTF-8
             * @default null
             * @example The ones on the balcony too.
             */
            description?: string | null;
            /**
             * @description Due on a day, or at a time of this day in a time zone; null: without a due date
             * @example {
             *       "date": "2026-12-24",
             *       "time": "09:30",
             *       "timeZone": "Europe/Copenhagen"
             *     }
             */
            due?: {
                /**
                 * Format: date
                 * @description A date from 1900-01-01 to 2399-12-31
                 * @example 2026-11-23
                 */
                date: string;
                /**
                 * @description Hours and minutes on a clock of 24 hours
                 * @example 09:30
                 */
                time?: string;
                /**
                 * Format: time-zone
                 * @description IANA name in any case, current or older. The response has the same name, in IANA's spelling. Offsets such as `+01:00` are not names.
                 * @example Europe/Copenhagen
                 */
                timeZone?: string;
            } | null;
            /**
             * @description Up to 20. Case does not distinguish labels; each keeps the spelling of its first use
             * @example [
             *       "Garden"
             *     ]
             */
            labels?: string[];
            /**
             * Format: uuid
             * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
             * @example null
             */
            parentId?: string | null;
            /**
             * @description 0 to 3; 3 is urgent
             * @example 0
             */
            priority?: number;
            /**
             * Format: uuid
             * @description The project; null: the inbox. A subtask is always in the project of its parent
             * @example null
             */
            projectId?: string | null;
            /**
             * @description Completing the task creates one with the next due date, whose id is in `nextTaskId`. null: the task does not repeat
             * @example {
             *       "rule": "FREQ=WEEKLY;BYDAY=MO",
             *       "from": "due"
             *     }
             */
            recurrence?: {
                /**
                 * @description `due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion
                 * @enum {string}
                 */
                from: "due" | "completion";
                /**
                 * Format: rrule
                 * @description RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)
                 * @example FREQ=WEEKLY;BYDAY=MO
                 */
                rule: string;
            } | null;
            /** @default todo */
            status?: components["schemas"]["TaskStatus"];
            /** @example Water the plants */
            title: string;
        };
        QuotaLevel: {
            /**
             * @description Rows that one account may have
             * @example 10000
             */
            limit: number;
            /**
             * @description The rows that are counted, such as `tasks`, or active `sessions` (at the limit, a sign-in ends another session). Later versions may add quotas
             * @example tasks
             */
            name: string;
            /**
             * @description `limit` minus `used`
             * @example 9988
             */
            remaining: number;
            /**
             * @description Rows that the account has, counted up to `limit`
             * @example 12
             */
            used: number;
        };
        Ready: {
            /** @enum {string} */
            status: "ready";
        };
        ReceiveEmailEventRequest: {
            /**
             * Format: date-time
             * @description When Resend saw it
             * @example 2026-11-23T15:04:05.123Z
             */
            created_at: string;
            data: {
                /** @description In `email.bounced`. Only `Permanent` has an effect. */
                bounce?: {
                    /** @example Permanent */
                    type: string;
                } & {
                    [key: string]: unknown;
                };
                /**
                 * @description The address, in events about a suppression
                 * @example ada@example.com
                 */
                email?: string;
                /**
                 * @description The recipients, in events about an email
                 * @example [
                 *       "ada@example.com"
                 *     ]
                 */
                to?: string[];
            } & {
                [key: string]: unknown;
            };
            /**
             * @description The kind of event
             * @example email.bounced
             */
            type: string;
        } & {
            [key: string]: unknown;
        };
        RegisterRequest: {
            /**
             * Format: email
             * @description Case-insensitive. An international domain is stored in punycode
             * @example ada@example.com
             */
            email: string;
            /**
             * @description The name that the person goes by
             * @example Ada Lovelace
             */
            name: string;
            /**
             * @description 8 to 128 characters after NFKC, of any kind; not a common password, nor your email address or name, even with digits or signs at its end; not a password that a data breach has revealed
             * @example plum orbit carpet seven
             */
            password: string;
        };
        Registration: {
            /**
             * @description For people; may change
             * @example Check your email.
             */
            message: string;
            /**
             * @description Secret of the browser that signed up. Keep it until the address is confirmed, and send it with the link's token.
             * @example AZqvM0x2cYi_bSKkJdYb8Q7tQ2nXk1m9h4R0sV6w8ye
             */
            registration: string;
        };
        ResendVerificationRequest: {
            /**
             * Format: email
             * @description Case-insensitive. An international domain is stored in punycode
             * @example ada@example.com
             */
            email: string;
        };
        ResetPasswordRequest: {
            /**
             * @description 8 to 128 characters after NFKC, of any kind; not a common password, nor your email address or name, even with digits or signs at its end; not a password that a data breach has revealed
             * @example plum orbit carpet seven
             */
            password: string;
            /**
             * @description The token from the link in the email
             * @example AZqvM0x2cYi_bSKkJdYb8Q4Yb0m1l7m6T9o2n3v8y1c
             */
            token: string;
        };
        RestoreAccountRequest: {
            /**
             * @description The token from the link in the email
             * @example AZqvM0x2cYi_bSKkJdYb8Q4Yb0m1l7m6T9o2n3v8y1c
             */
            token: string;
        };
        /** @enum {string} */
        Role: "user" | "admin";
        SecuredAccount: {
            /**
             * @description For people; may change
             * @example Check your email.
             */
            message: string;
            /**
             * @description Whether the account was secured after this notice already, so nothing changed
             * @example false
             */
            repeated: boolean;
        };
        SecurityEvent: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            device: components["schemas"]["Device"];
            /**
             * Format: uuid
             * @description Newer events have greater ids
             * @example 019aaf41-2c7d-7e05-9b1f-4a6d8c3e5f27
             */
            id: string;
            /**
             * @description `login`, `step-up`, `password-reset`, `password-changed`, `refresh-token-reuse`, `session-ended`, `sessions-ended`, `sessions-ended-by-admin`, `reset-started-by-admin`, `account-closed`, `account-restored`, `email-change-requested`, `email-changed`, `not-me`, `feed-created`, `feed-revoked`; later versions may add others
             * @example login
             */
            kind: string;
            /**
             * @description Where the IP address is, roughly; null: not known
             * @example near Aarhus, DK
             */
            place: string | null;
        };
        SecurityEventPage: {
            data: components["schemas"]["SecurityEvent"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        Session: {
            /**
             * Format: date-time
             * @description When the session started
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * @description Whether this is the session of the access token
             * @example true
             */
            current: boolean;
            device: components["schemas"]["Device"];
            /**
             * Format: uuid
             * @description UUIDv7 of the session
             * @example 019aaf3e-8d21-7c4e-b0a6-5d2f7e9c1b34
             */
            id: string;
            /**
             * Format: date-time
             * @description When the session was last refreshed, or started
             * @example 2026-11-23T15:04:05.123Z
             */
            lastUsedAt: string;
            /**
             * @description Where the IP address is, roughly; null: not known
             * @example near Aarhus, DK
             */
            place: string | null;
        };
        Sessions: {
            sessions: components["schemas"]["Session"][];
        };
        StepUpRequest: {
            /** @example plum orbit carpet seven */
            password: string;
        };
        SyncedChange: components["schemas"]["SyncedTask"] | components["schemas"]["SyncedLabel"] | components["schemas"]["SyncedProject"];
        SyncedLabel: {
            label: components["schemas"]["Label"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "label";
        };
        SyncedProject: {
            project: components["schemas"]["Project"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "project";
        };
        SyncedTask: {
            task: components["schemas"]["Task"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task";
        };
        /** @enum {string} */
        SyncKind: "task" | "label" | "project";
        SyncPage: {
            changes: components["schemas"]["SyncedChange"][];
            /**
             * @description Whether there are more changes
             * @example false
             */
            hasMore: boolean;
            /**
             * @description Where the next synchronization starts
             * @example AZqvPnxbfXqaUw9qH28-IRAAIDAgMQ
             */
            next: string;
            tombstones: components["schemas"]["Tombstone"][];
        };
        Task: {
            /**
             * Format: date-time
             * @description null: not done
             * @example null
             */
            completedAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /**
             * Format: date
             * @description The last possible day; null: without one
             * @example 2026-12-31
             */
            deadline: string | null;
            /**
             * Format: date-time
             * @description null: not in the trash
             * @example null
             */
            deletedAt: string | null;
            /** @example The ones on the balcony too. */
            description: string | null;
            /**
             * @description Due on a day, or at a time of this day in a time zone; null: without a due date
             * @example {
             *       "date": "2026-12-24",
             *       "time": "09:30",
             *       "timeZone": "Europe/Copenhagen"
             *     }
             */
            due: {
                /**
                 * Format: date
                 * @description A date from 1900-01-01 to 2399-12-31
                 * @example 2026-11-23
                 */
                date: string;
                /**
                 * @description Hours and minutes on a clock of 24 hours
                 * @example 09:30
                 */
                time?: string;
                /** @example Europe/Copenhagen */
                timeZone?: string;
            } | null;
            /**
             * Format: date-time
             * @description The instant of a `due` with a time. Of two equal wall times, the first; a skipped one moves forward
             * @example 2026-12-24T08:30:00.000Z
             */
            dueAt: string | null;
            /**
             * Format: uuid
             * @description UUIDv7 of the task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            id: string;
            /**
             * @example [
             *       "Garden"
             *     ]
             */
            labels: string[];
            /**
             * Format: uuid
             * @description The task that was created when this recurring task was completed
             * @example null
             */
            nextTaskId: string | null;
            /**
             * Format: uuid
             * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
             * @example null
             */
            parentId: string | null;
            /**
             * @description The place in the order of all your tasks: compare byte by byte, then by `id`. A new task comes last; a move changes it
             * @example a0
             */
            position: string;
            /**
             * @description 0 to 3; 3 is urgent
             * @example 0
             */
            priority: number;
            /**
             * Format: uuid
             * @description The project; null: the inbox. A subtask is always in the project of its parent
             * @example null
             */
            projectId: string | null;
            /**
             * @description Completing the task creates one with the next due date, whose id is in `nextTaskId`. null: the task does not repeat
             * @example {
             *       "rule": "FREQ=WEEKLY;BYDAY=MO",
             *       "from": "due"
             *     }
             */
            recurrence: {
                /**
                 * @description `due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion
                 * @enum {string}
                 */
                from: "due" | "completion";
                /**
                 * Format: rrule
                 * @description RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)
                 * @example FREQ=WEEKLY;BYDAY=MO
                 */
                rule: string;
            } | null;
            status: components["schemas"]["TaskStatus"];
            /** @example Water the plants */
            title: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            updatedAt: string;
            /**
             * @description Grows by one with each change; the ETag names it
             * @example 1
             */
            version: number;
        };
        TaskBatch: {
            /** @description The task of each operation, after all of them. null: the task was deleted for good, or it exceeds the 256 KiB of the response, so read it separately */
            tasks: (components["schemas"]["Task"] | null)[];
        };
        TaskDeletion: {
            undo: components["schemas"]["Undo"];
        };
        TaskFile: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            exportedAt: string;
            projects: components["schemas"]["FileProject"][];
            /** @description In their order, with all subtasks after all other tasks */
            tasks: components["schemas"]["FileTask"][];
        };
        TaskOperation: components["schemas"]["CreateOperation"] | components["schemas"]["UpdateOperation"] | components["schemas"]["DeleteOperation"] | components["schemas"]["MoveOperation"];
        TaskPage: {
            /**
             * @description Number of tasks on all pages, if requested
             * @example 1
             */
            count?: number;
            data: components["schemas"]["Task"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        TaskRevision: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            changedAt: string;
            /**
             * @description The changed members. `deletedAt` means that the task was moved to the trash or restored
             * @example {
             *       "title": {
             *         "before": "Water plants",
             *         "after": "Water the plants"
             *       }
             *     }
             */
            changes: {
                completedAt?: {
                    /**
                     * Format: date-time
                     * @description null: not done
                     * @example null
                     */
                    after: string | null;
                    /**
                     * Format: date-time
                     * @description null: not done
                     * @example null
                     */
                    before: string | null;
                };
                deadline?: {
                    /**
                     * Format: date
                     * @description The last possible day; null: without one
                     * @example 2026-12-31
                     */
                    after: string | null;
                    /**
                     * Format: date
                     * @description The last possible day; null: without one
                     * @example 2026-12-31
                     */
                    before: string | null;
                };
                deletedAt?: {
                    /**
                     * Format: date-time
                     * @description null: not in the trash
                     * @example null
                     */
                    after: string | null;
                    /**
                     * Format: date-time
                     * @description null: not in the trash
                     * @example null
                     */
                    before: string | null;
                };
                description?: {
                    /** @example The ones on the balcony too. */
                    after: string | null;
                    /** @example The ones on the balcony too. */
                    before: string | null;
                };
                due?: {
                    /**
                     * @description Due on a day, or at a time of this day in a time zone; null: without a due date
                     * @example {
                     *       "date": "2026-12-24",
                     *       "time": "09:30",
                     *       "timeZone": "Europe/Copenhagen"
                     *     }
                     */
                    after: {
                        /**
                         * Format: date
                         * @description A date from 1900-01-01 to 2399-12-31
                         * @example 2026-11-23
                         */
                        date: string;
                        /**
                         * @description Hours and minutes on a clock of 24 hours
                         * @example 09:30
                         */
                        time?: string;
                        /** @example Europe/Copenhagen */
                        timeZone?: string;
                    } | null;
                    /**
                     * @description Due on a day, or at a time of this day in a time zone; null: without a due date
                     * @example {
                     *       "date": "2026-12-24",
                     *       "time": "09:30",
                     *       "timeZone": "Europe/Copenhagen"
                     *     }
                     */
                    before: {
                        /**
                         * Format: date
                         * @description A date from 1900-01-01 to 2399-12-31
                         * @example 2026-11-23
                         */
                        date: string;
                        /**
                         * @description Hours and minutes on a clock of 24 hours
                         * @example 09:30
                         */
                        time?: string;
                        /** @example Europe/Copenhagen */
                        timeZone?: string;
                    } | null;
                };
                dueAt?: {
                    /**
                     * Format: date-time
                     * @description The instant of a `due` with a time. Of two equal wall times, the first; a skipped one moves forward
                     * @example 2026-12-24T08:30:00.000Z
                     */
                    after: string | null;
                    /**
                     * Format: date-time
                     * @description The instant of a `due` with a time. Of two equal wall times, the first; a skipped one moves forward
                     * @example 2026-12-24T08:30:00.000Z
                     */
                    before: string | null;
                };
                labels?: {
                    /**
                     * @example [
                     *       "Garden"
                     *     ]
                     */
                    after: string[];
                    /**
                     * @example [
                     *       "Garden"
                     *     ]
                     */
                    before: string[];
                };
                nextTaskId?: {
                    /**
                     * Format: uuid
                     * @description The task that was created when this recurring task was completed
                     * @example null
                     */
                    after: string | null;
                    /**
                     * Format: uuid
                     * @description The task that was created when this recurring task was completed
                     * @example null
                     */
                    before: string | null;
                };
                parentId?: {
                    /**
                     * Format: uuid
                     * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
                     * @example null
                     */
                    after: string | null;
                    /**
                     * Format: uuid
                     * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
                     * @example null
                     */
                    before: string | null;
                };
                position?: {
                    /**
                     * @description The place in the order of all your tasks: compare byte by byte, then by `id`. A new task comes last; a move changes it
                     * @example a0
                     */
                    after: string;
                    /**
                     * @description The place in the order of all your tasks: compare byte by byte, then by `id`. A new task comes last; a move changes it
                     * @example a0
                     */
                    before: string;
                };
                priority?: {
                    /**
                     * @description 0 to 3; 3 is urgent
                     * @example 0
                     */
                    after: number;
                    /**
                     * @description 0 to 3; 3 is urgent
                     * @example 0
                     */
                    before: number;
                };
                projectId?: {
                    /**
                     * Format: uuid
                     * @description The project; null: the inbox. A subtask is always in the project of its parent
                     * @example null
                     */
                    after: string | null;
                    /**
                     * Format: uuid
                     * @description The project; null: the inbox. A subtask is always in the project of its parent
                     * @example null
                     */
                    before: string | null;
                };
                recurrence?: {
                    /**
                     * @description Completing the task creates one with the next due date, whose id is in `nextTaskId`. null: the task does not repeat
                     * @example {
                     *       "rule": "FREQ=WEEKLY;BYDAY=MO",
                     *       "from": "due"
                     *     }
                     */
                    after: {
                        /**
                         * @description `due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion
                         * @enum {string}
                         */
                        from: "due" | "completion";
                        /**
                         * Format: rrule
                         * @description RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)
                         * @example FREQ=WEEKLY;BYDAY=MO
                         */
                        rule: string;
                    } | null;
                    /**
                     * @description Completing the task creates one with the next due date, whose id is in `nextTaskId`. null: the task does not repeat
                     * @example {
                     *       "rule": "FREQ=WEEKLY;BYDAY=MO",
                     *       "from": "due"
                     *     }
                     */
                    before: {
                        /**
                         * @description `due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion
                         * @enum {string}
                         */
                        from: "due" | "completion";
                        /**
                         * Format: rrule
                         * @description RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)
                         * @example FREQ=WEEKLY;BYDAY=MO
                         */
                        rule: string;
                    } | null;
                };
                status?: {
                    after: components["schemas"]["TaskStatus"];
                    before: components["schemas"]["TaskStatus"];
                };
                title?: {
                    /** @example Water the plants */
                    after: string;
                    /** @example Water the plants */
                    before: string;
                };
            };
            /**
             * Format: uuid
             * @description The session that made the change; null: the time zone database changed
             * @example 019aaf3e-6d0a-7c3e-8b1f-2f6f5f0c9a11
             */
            sessionId: string | null;
            /**
             * @description The version that the change made
             * @example 2
             */
            version: number;
        };
        TaskRevisionPage: {
            data: components["schemas"]["TaskRevision"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        /** @enum {string} */
        TaskStatus: "todo" | "in_progress" | "done";
        /** @description A resource that was deleted or is in the trash */
        Tombstone: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            deletedAt: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            id: string;
            type: components["schemas"]["SyncKind"];
        };
        TrashPage: {
            data: components["schemas"]["Task"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        Undo: {
            /**
             * Format: date-time
             * @description When the task is deleted for good
             * @example 2026-11-23T15:04:05.123Z
             */
            expiresAt: string;
            /**
             * @description Restores the task
             * @example /api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21/restore
             */
            href: string;
            /** @enum {string} */
            method: "POST";
        };
        UpdateOperation: {
            /**
             * Format: uuid
             * @description UUIDv7 of the task
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "update";
            task: {
                /**
                 * Format: date
                 * @description The last possible day; null: without one
                 * @example 2026-12-31
                 */
                deadline?: string | null;
                /**
                 * @description Up to 16 KiB in UTF-8
                 * @example The ones on the balcony too.
                 */
                description?: string | null;
                /**
                 * @description Due on a day, or at a time of this day in a time zone; null: without a due date
                 * @example {
                 *       "date": "2026-12-24",
                 *       "time": "09:30",
                 *       "timeZone": "Europe/Copenhagen"
                 *     }
                 */
                due?: {
                    /**
                     * Format: date
                     * @description A date from 1900-01-01 to 2399-12-31
                     * @example 2026-11-23
                     */
                    date: string;
                    /**
                     * @description Hours and minutes on a clock of 24 hours
                     * @example 09:30
                     */
                    time?: string;
                    /**
                     * Format: time-zone
                     * @description IANA name in any case, current or older. The response has the same name, in IANA's spelling. Offsets such as `+01:00` are not names.
                     * @example Europe/Copenhagen
                     */
                    timeZone?: string;
                } | null;
                /**
                 * @description Up to 20. Case does not distinguish labels; each keeps the spelling of its first use
                 * @example [
                 *       "Garden"
                 *     ]
                 */
                labels?: string[];
                /**
                 * Format: uuid
                 * @description The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks
                 * @example null
                 */
                parentId?: string | null;
                /**
                 * @description 0 to 3; 3 is urgent
                 * @example 0
                 */
                priority?: number;
                /**
                 * Format: uuid
                 * @description The project; null: the inbox. A subtask is always in the project of its parent
                 * @example null
                 */
                projectId?: string | null;
                /**
                 * @description Completing the task creates one with the next due date, whose id is in `nextTaskId`. null: the task does not repeat
                 * @example {
                 *       "rule": "FREQ=WEEKLY;BYDAY=MO",
                 *       "from": "due"
                 *     }
                 */
                recurrence?: {
                    /**
                     * @description `due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion
                     * @enum {string}
                     */
                    from: "due" | "completion";
                    /**
                     * Format: rrule
                     * @description RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)
                     * @example FREQ=WEEKLY;BYDAY=MO
                     */
                    rule: string;
                } | null;
                status?: components["schemas"]["TaskStatus"];
                /** @example Water the plants */
                title?: string;
            };
            /**
             * @description Refuses the batch if the task has another version, like `If-Match`
             * @example 1
             */
            version?: number;
        };
        User: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            /** @example ada@example.com */
            email: string;
            /**
             * Format: uuid
             * @description UUIDv7 of the user
             * @example 019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
             */
            id: string;
            /** @example Ada Lovelace */
            name: string;
            role: components["schemas"]["Role"];
            /**
             * @description IANA name; null: the user has not chosen one
             * @example Europe/Copenhagen
             */
            timeZone: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T15:04:05.123Z
             */
            updatedAt: string;
        };
        UserEventPage: {
            data: components["schemas"]["SecurityEvent"][];
            /** @description Pass it as `cursor` for the next page; null on the last page */
            nextCursor: string | null;
        };
        UserSession: {
            /**
             * Format: date-time
             * @description When the session started
             * @example 2026-11-23T15:04:05.123Z
             */
            createdAt: string;
            device: components["schemas"]["Device"];
            /**
             * Format: uuid
             * @description UUIDv7 of the session
             * @example 019aaf3e-8d21-7c4e-b0a6-5d2f7e9c1b34
             */
            id: string;
            /**
             * Format: date-time
             * @description When the session was last refreshed, or started
             * @example 2026-11-23T15:04:05.123Z
             */
            lastUsedAt: string;
            /**
             * @description Where the IP address is, roughly; null: not known
             * @example near Aarhus, DK
             */
            place: string | null;
        };
        UserSessions: {
            sessions: components["schemas"]["UserSession"][];
        };
        VerifyEmailRequest: {
            /**
             * @description 8 to 128 characters after NFKC, of any kind; not a common password, nor your email address or name, even with digits or signs at its end; not a password that a data breach has revealed
             * @example plum orbit carpet seven
             */
            password?: string;
            /**
             * @description Secret of the browser that signed up. Keep it until the address is confirmed, and send it with the link's token.
             * @example AZqvM0x2cYi_bSKkJdYb8Q7tQ2nXk1m9h4R0sV6w8ye
             */
            registration?: string;
            /**
             * @description The token from the link in the email
             * @example AZqvM0x2cYi_bSKkJdYb8Q4Yb0m1l7m6T9o2n3v8y1c
             */
            token: string;
        };
    };
    responses: {
        /** @description `account-banned`: This account is banned. */
        "account-banned": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "account-banned";
                    /** @enum {number} */
                    status: 403;
                };
            };
        };
        /** @description `account-banned`: This account is banned. `cross-site-request`: The request came from another site. */
        "account-banned-or-cross-site-request.auth": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "account-banned" | "cross-site-request";
                    /**
                     * @description Why the account is banned, in an admin's words; null: no reason
                     * @example null
                     */
                    reason?: string | null;
                    /** @enum {number} */
                    status: 403;
                    /**
                     * Format: date-time
                     * @description When the ban ends by itself; null: no end
                     * @example null
                     */
                    until?: string | null;
                };
            };
        };
        /** @description `account-banned`: This account is banned. `forbidden`: Not allowed. */
        "account-banned-or-forbidden": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "account-banned" | "forbidden";
                    /** @enum {number} */
                    status: 403;
                };
            };
        };
        /** @description `cross-site-request`: The request came from another site. */
        "cross-site-request": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "cross-site-request";
                    /** @enum {number} */
                    status: 403;
                };
            };
        };
        /** @description `database-unavailable`: The database is unavailable. `server-misconfigured`: The server is not configured. */
        "database-unavailable-or-server-misconfigured": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "database-unavailable" | "server-misconfigured";
                    /** @enum {number} */
                    status: 503;
                };
            };
        };
        /** @description `internal`: Something went wrong. */
        internal: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "internal";
                    /** @enum {number} */
                    status: 500;
                };
            };
        };
        /** @description `invalid-credentials`: The email address or password is wrong. */
        "invalid-credentials": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "invalid-credentials";
                    /** @enum {number} */
                    status: 401;
                };
            };
        };
        /** @description `invalid-cursor`: The cursor is not valid here. */
        "invalid-cursor": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "invalid-cursor";
                    /** @enum {number} */
                    status: 400;
                };
            };
        };
        /** @description `invalid-link`: This link is no longer valid. `malformed-json`: The body is not valid JSON. */
        "invalid-link-or-malformed-json": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "invalid-link" | "malformed-json";
                    /** @enum {number} */
                    status: 400;
                };
            };
        };
        /** @description `invalid-request`: The request is not valid. `idempotency-key-reused`: The idempotency key was used for another request. `invalid-reference`: The request refers to something that cannot be used. */
        "invalid-request-or-idempotency-key-reused-or-invalid-reference.body.parameter": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "invalid-request" | "idempotency-key-reused" | "invalid-reference";
                    /** @enum {number} */
                    status: 422;
                };
            };
        };
        /** @description `invalid-request`: The request is not valid. `quota-exceeded`: The account is full. `due-date-required`: A recurring task needs a due date. `invalid-reference`: The request refers to something that cannot be used. */
        "invalid-request-or-quota-exceeded-or-due-date-required-or-invalid-reference.body.parameter": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "invalid-request" | "quota-exceeded" | "due-date-required" | "invalid-reference";
                    /** @enum {number} */
                    status: 422;
                };
            };
        };
        /** @description `invalid-request`: The request is not valid. `wrong-password`: The password is wrong. */
        "invalid-request-or-wrong-password.body": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "invalid-request" | "wrong-password";
                    /** @enum {number} */
                    status: 422;
                };
            };
        };
        /** @description `invalid-request`: The request is not valid. */
        "invalid-request.body": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "invalid-request";
                    /** @enum {number} */
                    status: 422;
                };
            };
        };
        /** @description `invalid-request`: The request is not valid. */
        "invalid-request.parameter": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "invalid-request";
                    /** @enum {number} */
                    status: 422;
                };
            };
        };
        /** @description `last-admin`: This is the last admin. */
        "last-admin": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "last-admin";
                    /** @enum {number} */
                    status: 409;
                };
            };
        };
        /** @description `malformed-json`: The body is not valid JSON. */
        "malformed-json": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "malformed-json";
                    /** @enum {number} */
                    status: 400;
                };
            };
        };
        /** @description `not-found`: Not found. */
        "not-found": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "not-found";
                    /** @enum {number} */
                    status: 404;
                };
            };
        };
        /** @description `payload-too-large`: The body is too large. */
        "payload-too-large": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "payload-too-large";
                    /** @enum {number} */
                    status: 413;
                };
            };
        };
        /** @description `precondition-failed`: The resource has changed. */
        "precondition-failed.projects": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /**
                     * @description The members of `current` that differ from the version in `If-Match`; null if the history does not reach back to it
                     * @example [
                     *       "title"
                     *     ]
                     */
                    changedFields: string[] | null;
                    /** @enum {string} */
                    code: "precondition-failed";
                    current: components["schemas"]["Project"];
                    /** @enum {number} */
                    status: 412;
                };
            };
        };
        /** @description `precondition-failed`: The resource has changed. */
        "precondition-failed.tasks": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /**
                     * @description The members of `current` that differ from the version in `If-Match`; null if the history does not reach back to it
                     * @example [
                     *       "title"
                     *     ]
                     */
                    changedFields: string[] | null;
                    /** @enum {string} */
                    code: "precondition-failed";
                    current: components["schemas"]["Task"];
                    /** @enum {number} */
                    status: 412;
                };
            };
        };
        /** @description `rate-limited`: Too many requests. */
        "rate-limited": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "rate-limited";
                    /** @enum {number} */
                    status: 429;
                };
            };
        };
        /** @description `server-misconfigured`: The server is not configured. */
        "server-misconfigured": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "server-misconfigured";
                    /** @enum {number} */
                    status: 503;
                };
            };
        };
        /** @description `unauthenticated`: A valid access token is required. `session-ended`: The session has ended. */
        "unauthenticated-or-session-ended": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "unauthenticated" | "session-ended";
                    /** @enum {number} */
                    status: 401;
                };
            };
        };
        /** @description `unauthenticated`: A valid access token is required. `session-ended`: The session has ended. `step-up-required`: A recent proof of identity is required. */
        "unauthenticated-or-session-ended-or-step-up-required": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "unauthenticated" | "session-ended" | "step-up-required";
                    /** @enum {number} */
                    status: 401;
                };
            };
        };
        /** @description `unsupported-media-type`: Unsupported media type. */
        "unsupported-media-type": {
            headers: {
                /**
                 * @description The accepted media types
                 * @example application/json
                 */
                Accept: string;
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "unsupported-media-type";
                    /** @enum {number} */
                    status: 415;
                };
            };
        };
        /** @description `unsupported-media-type`: Unsupported media type. */
        "unsupported-media-type.accept-patch": {
            headers: {
                /**
                 * @description The accepted media types
                 * @example application/json, application/merge-patch+json
                 */
                "Accept-Patch": string;
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "unsupported-media-type";
                    /** @enum {number} */
                    status: 415;
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description How long the response may be cached
         * @example no-store
         */
        "Cache-Control": string;
        /**
         * @description The remaining budget (`r`), and the seconds until it grows (`t`)
         * @example "login-account";r=0;t=60
         */
        RateLimit: string;
        /**
         * @description The budget: `q` requests in `w` seconds
         * @example "login-account";q=100;w=6000
         */
        "RateLimit-Policy": string;
        /**
         * @description Seconds to wait before the next attempt
         * @example 60
         */
        "Retry-After": string;
        /**
         * @description How to authenticate (RFC 6750; for `step-up-required`, RFC 9470)
         * @example Bearer realm="latchkey", error="invalid_token"
         */
        "WWW-Authenticate": string;
        /**
         * @description Identifies the request: the id that you sent, if it has 8 to 128 letters, digits, `.`, `_` or `-`
         * @example 0b8f2a3e-5d0c-4f6e-9a51-1f7d2f0c8b9a
         */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rejected by Vercel before the request reached the function, such as 414 for an overlong URL. Not a problem document. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The keys */
            200: {
                headers: {
                    /**
                     * @description How long to cache the keys
                     * @example public, max-age=300
                     */
                    "Cache-Control": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JwkSet"];
                };
            };
            500: components["responses"]["internal"];
            503: components["responses"]["server-misconfigured"];
        };
    };
    listAdminEvents: {
        parameters: {
            query?: {
                /** @description The id of the admin who acted */
                actor?: string;
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
                /** @description The id of the user that was changed */
                target?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminEventPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned-or-forbidden"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listOutbox: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
                /** @description Which emails */
                state?: "waiting" | "dead";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned-or-forbidden"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    dropEmail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the email */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Dropped */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            /** @description `email-sent`: This email was already sent. */
            409: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "email-sent";
                        /** @enum {number} */
                        status: 409;
                    };
                };
            };
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    retryEmail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the email */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The email is on its way, or was sent */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            /** @description `email-outdated`: This email can no longer be sent. */
            409: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "email-outdated";
                        /** @enum {number} */
                        status: 409;
                    };
                };
            };
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
                /** @description Part of the email address or the name */
                q?: string;
                role?: components["schemas"]["Role"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUserPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned-or-forbidden"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the user */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the user */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["last-admin"];
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    patchUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the user */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchUserRequest"];
                "application/merge-patch+json": components["schemas"]["PatchUserRequest"];
            };
        };
        responses: {
            /** @description The user */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["last-admin"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type.accept-patch"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listUserEvents: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description UUIDv7 of the user */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserEventPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    startPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the user */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The email is on its way */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            /** @description `account-closed`: This account is closed. */
            409: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "account-closed";
                        /** @enum {number} */
                        status: 409;
                    };
                };
            };
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    restoreUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the user */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the user */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserSessions"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    endUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the user */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions have ended */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned-or-forbidden"];
            404: components["responses"]["not-found"];
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    changeEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEmailRequest"];
            };
        };
        responses: {
            /** @description If the address is free, an email is on its way */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned"];
            /** @description `email-change-frozen`: The email address cannot change now. */
            409: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "email-change-frozen";
                        /** @enum {number} */
                        status: 409;
                    };
                };
            };
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasswordRequest"];
            };
        };
        responses: {
            /** @description Changed */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description The next refresh token
                     * @example __Host-latchkey=ARmqrz58W316; HttpOnly; Secure; SameSite=Strict; Path=/
                     */
                    "Set-Cookie": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            /** @description `cross-site-request`: The request came from another site. `account-banned`: This account is banned. */
            403: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "cross-site-request" | "account-banned";
                        /** @enum {number} */
                        status: 403;
                    };
                };
            };
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request-or-wrong-password.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    confirmNewEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmNewEmailRequest"];
            };
        };
        responses: {
            /** @description The account has the new address */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["invalid-link-or-malformed-json"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listSecurityEvents: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecurityEventPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    exportAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The data */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description A file name with the date
                     * @example attachment; filename="latchkey-export-2026-11-23.json"
                     */
                    "Content-Disposition": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountExport"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    forgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgotPasswordRequest"];
            };
        };
        responses: {
            /** @description If the address has an account, an email is on its way */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["malformed-json"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    readLimits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The budgets and quotas */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Limits"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description The next refresh token
                     * @example __Host-latchkey=ARmqrz58W316; HttpOnly; Secure; SameSite=Strict; Path=/
                     */
                    "Set-Cookie": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Login"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["invalid-credentials"];
            403: components["responses"]["account-banned-or-cross-site-request.auth"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Removes the cookie
                     * @example __Host-latchkey=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/
                     */
                    "Set-Cookie": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["cross-site-request"];
            413: components["responses"]["payload-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    closeAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account is closed, and will be deleted */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Removes the cookie, if it is the cookie of this session and this session ends
                     * @example __Host-latchkey=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/
                     */
                    "Set-Cookie"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosedAccount"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned"];
            409: components["responses"]["last-admin"];
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    patchMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchMeRequest"];
                "application/merge-patch+json": components["schemas"]["PatchMeRequest"];
            };
        };
        responses: {
            /** @description The account */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type.accept-patch"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    notMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotMeRequest"];
            };
        };
        responses: {
            /** @description The account is secured */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecuredAccount"];
                };
            };
            400: components["responses"]["invalid-link-or-malformed-json"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Refreshed */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description The next refresh token
                     * @example __Host-latchkey=ARmqrz58W316; HttpOnly; Secure; SameSite=Strict; Path=/
                     */
                    "Set-Cookie": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description `session-ended`: The session has ended. */
            401: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Removes the cookie
                     * @example __Host-latchkey=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/
                     */
                    "Set-Cookie"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "session-ended";
                        /** @enum {number} */
                        status: 401;
                    };
                };
            };
            403: components["responses"]["cross-site-request"];
            413: components["responses"]["payload-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same response again for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description An email is on its way */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description `true` if this repeats an earlier response
                     * @example true
                     */
                    "Idempotent-Replayed"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registration"];
                };
            };
            400: components["responses"]["malformed-json"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description `invalid-request`: The request is not valid. `idempotency-key-reused`: The idempotency key was used for another request. */
            422: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "invalid-request" | "idempotency-key-reused";
                        /** @enum {number} */
                        status: 422;
                    };
                };
            };
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    resendVerification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResendVerificationRequest"];
            };
        };
        responses: {
            /** @description If it is needed, an email is on its way */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["malformed-json"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    resetPasswordPage: {
        parameters: {
            query: {
                /** @description The token from the link in the email */
                token: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirects to the page `/reset-password`, with the token in the fragment. */
            303: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description The page
                     * @example https://app.example.com/reset-password#token=AZqvM0x2
                     */
                    Location: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            422: components["responses"]["invalid-request.parameter"];
            500: components["responses"]["internal"];
            503: components["responses"]["server-misconfigured"];
            /** @description Rejected by Vercel before the request reached the function, such as 414 for an overlong URL. Not a problem document. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPasswordRequest"];
            };
        };
        responses: {
            /** @description The password is set */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid-link-or-malformed-json"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    restoreAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreAccountRequest"];
            };
        };
        responses: {
            /** @description The account is open */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["invalid-link-or-malformed-json"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    deleteSessions: {
        parameters: {
            query?: {
                /** @description Whether to end the session of the access token as well */
                current?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions have ended */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Removes the cookie, if it is the cookie of this session and this session ends
                     * @example __Host-latchkey=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/
                     */
                    "Set-Cookie"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned"];
            413: components["responses"]["payload-too-large"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the session */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Removes the cookie, if it is the cookie of this session and this session ends
                     * @example __Host-latchkey=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/
                     */
                    "Set-Cookie"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    stepUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUpRequest"];
            };
        };
        responses: {
            /** @description A new access token */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request-or-wrong-password.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    verifyEmailPage: {
        parameters: {
            query: {
                /** @description The token from the link in the email */
                token: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirects to the page `/verify-email`, with the token in the fragment. */
            303: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description The page
                     * @example https://app.example.com/verify-email#token=AZqvM0x2
                     */
                    Location: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            422: components["responses"]["invalid-request.parameter"];
            500: components["responses"]["internal"];
            503: components["responses"]["server-misconfigured"];
            /** @description Rejected by Vercel before the request reached the function, such as 414 for an overlong URL. Not a problem document. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    verifyEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyEmailRequest"];
            };
        };
        responses: {
            /** @description Confirmed and signed in */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description The next refresh token
                     * @example __Host-latchkey=ARmqrz58W316; HttpOnly; Secure; SameSite=Strict; Path=/
                     */
                    "Set-Cookie": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Login"];
                };
            };
            400: components["responses"]["invalid-link-or-malformed-json"];
            401: components["responses"]["invalid-credentials"];
            403: components["responses"]["account-banned-or-cross-site-request.auth"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description `invalid-request`: The request is not valid. `password-required`: A password is required. */
            422: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "invalid-request" | "password-required";
                        /** @example ada@example.com */
                        email?: string;
                        /** @enum {number} */
                        status: 422;
                    };
                };
            };
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    deliverOutbox: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxRun"];
                };
            };
            /** @description `unauthenticated`: A valid access token is required. */
            401: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "unauthenticated";
                        /** @enum {number} */
                        status: 401;
                    };
                };
            };
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    getFeed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feed */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Feed"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    createFeed: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same response again for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description `true` if this repeats an earlier response
                     * @example true
                     */
                    "Idempotent-Replayed"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Feed"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended-or-step-up-required"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            413: components["responses"]["payload-too-large"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    deleteFeed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account no longer has a feed */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    readFeed: {
        parameters: {
            query?: never;
            header?: {
                /** @description Respond 304 if the current version is one of these */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The secret, followed by `.ics` */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The calendar */
            200: {
                headers: {
                    /**
                     * @description How long the reader may cache the response
                     * @example private, max-age=300
                     */
                    "Cache-Control": string;
                    /**
                     * @description Strong validator; it changes with the tasks of the account
                     * @example "1-42"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": string;
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    /**
                     * @description How long the reader may cache the response
                     * @example private, max-age=300
                     */
                    "Cache-Control": string;
                    /**
                     * @description Strong validator; it changes with the tasks of the account
                     * @example "1-42"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["not-found"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rejected by Vercel before the request reached the function, such as 414 for an overlong URL. Not a problem document. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Alive */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            500: components["responses"]["internal"];
        };
    };
    listLabels: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    getLabel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the label */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The label */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Label"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    deleteLabel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the label */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    patchLabel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7 of the label */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchLabelRequest"];
                "application/merge-patch+json": components["schemas"]["PatchLabelRequest"];
            };
        };
        responses: {
            /** @description The label */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Label"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            /** @description `label-exists`: Another label has this name. */
            409: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "label-exists";
                        /** @enum {number} */
                        status: 409;
                    };
                };
            };
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type.accept-patch"];
            422: components["responses"]["invalid-request.body"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listProjects: {
        parameters: {
            query?: {
                /** @description `true`: only archived projects. `false`: only the others */
                archived?: "true" | "false";
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    createProject: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same response again for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateProjectRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    /**
                     * @description `true` if this repeats an earlier response
                     * @example true
                     */
                    "Idempotent-Replayed"?: string;
                    /**
                     * @description URL of the project
                     * @example /api/projects/019aaf3e-8a4d-7b21-9c33-1d2e3f4a5b6c
                     */
                    Location: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description `invalid-request`: The request is not valid. `idempotency-key-reused`: The idempotency key was used for another request. `quota-exceeded`: The account is full. */
            422: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "invalid-request" | "idempotency-key-reused" | "quota-exceeded";
                        /** @enum {number} */
                        status: 422;
                    };
                };
            };
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    getProject: {
        parameters: {
            query?: never;
            header?: {
                /** @description Respond 304 if the current version is one of these */
                "If-None-Match"?: string;
            };
            path: {
                /** @description UUIDv7 of the project */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    deleteProject: {
        parameters: {
            query?: {
                /** @description Required if the project has tasks */
                tasks?: "delete" | "inbox";
            };
            header?: {
                /** @description Apply the change only to one of these versions; otherwise 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUIDv7 of the project */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            /** @description `project-not-empty`: The project has tasks. */
            409: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "project-not-empty";
                        /** @enum {number} */
                        status: 409;
                    };
                };
            };
            412: components["responses"]["precondition-failed.projects"];
            413: components["responses"]["payload-too-large"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    patchProject: {
        parameters: {
            query?: never;
            header?: {
                /** @description Apply the change only to one of these versions; otherwise 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUIDv7 of the project */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchProjectRequest"];
                "application/merge-patch+json": components["schemas"]["PatchProjectRequest"];
            };
        };
        responses: {
            /** @description The project */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            412: components["responses"]["precondition-failed.projects"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type.accept-patch"];
            /** @description `invalid-request`: The request is not valid. */
            422: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "invalid-request";
                        /** @enum {number} */
                        status: 422;
                    };
                };
            };
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    moveProject: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same response again for 24 hours */
                "Idempotency-Key"?: string;
                /** @description Apply the change only to one of these versions; otherwise 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUIDv7 of the project */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveProjectRequest"];
            };
        };
        responses: {
            /** @description The project */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    /**
                     * @description `true` if this repeats an earlier response
                     * @example true
                     */
                    "Idempotent-Replayed"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            412: components["responses"]["precondition-failed.projects"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request-or-idempotency-key-reused-or-invalid-reference.body.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rejected by Vercel before the request reached the function, such as 414 for an overlong URL. Not a problem document. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Ready */
            200: {
                headers: {
                    /**
                     * @description How long Vercel's cache responds
                     * @example public, s-maxage=5
                     */
                    "Cache-Control": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    syncChanges: {
        parameters: {
            query?: {
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
                /** @description `next` of the previous response */
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, in the order of the changes */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncPage"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            /** @description `full-resync-required`: A full synchronization is required. */
            410: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "full-resync-required";
                        /** @enum {number} */
                        status: 410;
                    };
                };
            };
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description Completed later; RFC 3339 */
                completedAfter?: string;
                /** @description Adds `count`, the number of tasks on all pages */
                count?: "exact";
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description `today`, `overdue` (before now or before today, and not done), `upcoming` (after today) or `none` */
                due?: "today" | "overdue" | "upcoming" | "none";
                /** @description Due on a later day */
                dueAfter?: string;
                /** @description Due on an earlier day */
                dueBefore?: string;
                /** @description Only tasks with this label, ignoring case. Repeat it for tasks that have all of several labels */
                label?: string[];
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
                /** @description Only subtasks of this task, or `none` for tasks without a parent */
                parent?: "none" | string;
                /** @description 0 to 3; 3 is urgent */
                priority?: "0" | "1" | "2" | "3";
                /** @description Only tasks of this project, or `inbox` for tasks without a project */
                project?: "inbox" | string;
                /** @description Up to 10 words or parts of words; title and description contain each */
                q?: string;
                /** @description `-` reverses the order. Tasks without a due date come last in both */
                sort?: "position" | "-position" | "created" | "-created" | "updated" | "-updated" | "due" | "-due" | "priority" | "-priority";
                status?: components["schemas"]["TaskStatus"];
                /** @description Time zone in which days begin and end; by default that of your account, or UTC */
                tz?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    createTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same response again for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTaskRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    /**
                     * @description `true` if this repeats an earlier response
                     * @example true
                     */
                    "Idempotent-Replayed"?: string;
                    /**
                     * @description URL of the task
                     * @example /api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
                     */
                    Location: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description `invalid-request`: The request is not valid. `idempotency-key-reused`: The idempotency key was used for another request. `quota-exceeded`: The account is full. `due-date-required`: A recurring task needs a due date. `invalid-reference`: The request refers to something that cannot be used. */
            422: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "invalid-request" | "idempotency-key-reused" | "quota-exceeded" | "due-date-required" | "invalid-reference";
                        /** @enum {number} */
                        status: 422;
                    };
                };
            };
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Respond 304 if the current version is one of these */
                "If-None-Match"?: string;
            };
            path: {
                /** @description UUIDv7 of the task */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    putTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Apply the change only to one of these versions; otherwise 412 */
                "If-Match"?: string;
                /** @description Only create; 412 if the resource exists */
                "If-None-Match"?: "*";
            };
            path: {
                /** @description UUIDv7 of the task */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutTaskRequest"];
            };
        };
        responses: {
            /** @description Replaced */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    /**
                     * @description URL of the task
                     * @example /api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21
                     */
                    Location: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            412: components["responses"]["precondition-failed.tasks"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request-or-quota-exceeded-or-due-date-required-or-invalid-reference.body.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    deleteTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Apply the change only to one of these versions; otherwise 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUIDv7 of the task */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the trash */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskDeletion"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            412: components["responses"]["precondition-failed.tasks"];
            413: components["responses"]["payload-too-large"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    patchTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Apply the change only to one of these versions; otherwise 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUIDv7 of the task */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchTaskRequest"];
                "application/merge-patch+json": components["schemas"]["PatchTaskRequest"];
            };
        };
        responses: {
            /** @description The task */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            412: components["responses"]["precondition-failed.tasks"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type.accept-patch"];
            422: components["responses"]["invalid-request-or-quota-exceeded-or-due-date-required-or-invalid-reference.body.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listTaskRevisions: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description UUIDv7 of the task */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskRevisionPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    moveTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same response again for 24 hours */
                "Idempotency-Key"?: string;
                /** @description Apply the change only to one of these versions; otherwise 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUIDv7 of the task */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveTaskRequest"];
            };
        };
        responses: {
            /** @description The task */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    /**
                     * @description `true` if this repeats an earlier response
                     * @example true
                     */
                    "Idempotent-Replayed"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            412: components["responses"]["precondition-failed.tasks"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request-or-idempotency-key-reused-or-invalid-reference.body.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    restoreTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same response again for 24 hours */
                "Idempotency-Key"?: string;
                /** @description Apply the change only to one of these versions; otherwise 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUIDv7 of the task */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description Strong validator of this version
                     * @example "1"
                     */
                    ETag: string;
                    /**
                     * @description `true` if this repeats an earlier response
                     * @example true
                     */
                    "Idempotent-Replayed"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            412: components["responses"]["precondition-failed.tasks"];
            413: components["responses"]["payload-too-large"];
            /** @description `invalid-request`: The request is not valid. `idempotency-key-reused`: The idempotency key was used for another request. `quota-exceeded`: The account is full. */
            422: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "invalid-request" | "idempotency-key-reused" | "quota-exceeded";
                        /** @enum {number} */
                        status: 422;
                    };
                };
            };
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    batchTasks: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same response again for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchTasksRequest"];
            };
        };
        responses: {
            /** @description The tasks */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description `true` if this repeats an earlier response
                     * @example true
                     */
                    "Idempotent-Replayed"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskBatch"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            404: components["responses"]["not-found"];
            /** @description `precondition-failed`: The resource has changed. */
            412: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "precondition-failed";
                        /** @enum {number} */
                        status: 412;
                    };
                };
            };
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description `invalid-request`: The request is not valid. `quota-exceeded`: The account is full. `due-date-required`: A recurring task needs a due date. `invalid-reference`: The request refers to something that cannot be used. `idempotency-key-reused`: The idempotency key was used for another request. */
            422: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "invalid-request" | "quota-exceeded" | "due-date-required" | "invalid-reference" | "idempotency-key-reused";
                        /** @enum {number} */
                        status: 422;
                    };
                };
            };
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    exportTasks: {
        parameters: {
            query?: {
                /** @description The format of the file */
                format?: "json" | "csv" | "ics";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description A file name with the date
                     * @example attachment; filename="latchkey-tasks-2026-11-23.json"
                     */
                    "Content-Disposition": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskFile"];
                    "text/calendar": string;
                    "text/csv": string;
                };
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    importTasks: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same response again for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportTasksRequest"];
            };
        };
        responses: {
            /** @description The report */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    /**
                     * @description `true` if this repeats an earlier response
                     * @example true
                     */
                    "Idempotent-Replayed"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            400: components["responses"]["malformed-json"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request-or-idempotency-key-reused-or-invalid-reference.body.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    listTrash: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description Rows per page, 1 to 200; clamped. A page of about 256 KiB is full sooner, so follow `nextCursor` instead of counting rows */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrashPage"];
                };
            };
            400: components["responses"]["invalid-cursor"];
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            422: components["responses"]["invalid-request.parameter"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    emptyTrash: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Empty */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated-or-session-ended"];
            403: components["responses"]["account-banned"];
            413: components["responses"]["payload-too-large"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["database-unavailable-or-server-misconfigured"];
        };
    };
    receiveEmailEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiveEmailEventRequest"];
            };
        };
        responses: {
            /** @description Received */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["malformed-json"];
            /** @description `invalid-signature`: The signature of the webhook is not valid. */
            401: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "invalid-signature";
                        /** @enum {number} */
                        status: 401;
                    };
                };
            };
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["invalid-request.body"];
            500: components["responses"]["internal"];
            /** @description `server-misconfigured`: The server is not configured. `database-unavailable`: The database is unavailable. */
            503: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "server-misconfigured" | "database-unavailable";
                        /** @enum {number} */
                        status: 503;
                    };
                };
            };
        };
    };
}
