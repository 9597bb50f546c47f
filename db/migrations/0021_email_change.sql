CREATE TABLE "email_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"from_email" text NOT NULL,
	"from_email_key" text NOT NULL,
	"from_tags" text[] NOT NULL,
	"to_email" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "email_tags" text[];--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "email_frozen_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "devices_valid_from" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "email_changes" ADD CONSTRAINT "email_changes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "email_changes_user" ON "email_changes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "email_changes_reserved" ON "email_changes" USING btree ("from_email_key") WHERE "email_changes"."undone_at" is null;--> statement-breakpoint
CREATE INDEX "email_changes_changed" ON "email_changes" USING btree ("changed_at");