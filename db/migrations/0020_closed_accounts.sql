-- The column is empty before this release, so the index is too.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "users_closed" ON "users" USING btree ("closed_at") WHERE "users"."closed_at" is not null;
