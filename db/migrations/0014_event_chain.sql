CREATE TABLE "event_chains" (
	"chain" text NOT NULL,
	"account_id" uuid NOT NULL,
	"user_id" uuid,
	"seq" integer NOT NULL,
	"seal" text NOT NULL,
	"purged_seq" integer,
	"purged_mac" text,
	"purged_seal" text,
	CONSTRAINT "event_chains_chain_account_id_pk" PRIMARY KEY("chain","account_id"),
	CONSTRAINT "event_chains_chain" CHECK ("event_chains"."chain" in ('security', 'admin'))
);
--> statement-breakpoint
ALTER TABLE "admin_events" ADD COLUMN "seq" integer;--> statement-breakpoint
ALTER TABLE "admin_events" ADD COLUMN "mac" text;--> statement-breakpoint
ALTER TABLE "security_events" ADD COLUMN "seq" integer;--> statement-breakpoint
ALTER TABLE "security_events" ADD COLUMN "mac" text;--> statement-breakpoint
ALTER TABLE "event_chains" ADD CONSTRAINT "event_chains_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "event_chains_user" ON "event_chains" USING btree ("user_id");--> statement-breakpoint
-- Postgres indexes a million events in about a second. Writers of events wait for it.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX "admin_events_chain" ON "admin_events" USING btree ("target_id","seq");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "admin_events_unchained" ON "admin_events" USING btree ("created_at") WHERE "admin_events"."seq" is null;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX "security_events_chain" ON "security_events" USING btree ("user_id","seq");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "security_events_unchained" ON "security_events" USING btree ("created_at") WHERE "security_events"."seq" is null;