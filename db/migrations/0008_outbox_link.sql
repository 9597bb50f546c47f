-- The outbox holds a week of emails at most, so the index takes milliseconds.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "outbox_link" ON "outbox" USING btree ("link_id");
