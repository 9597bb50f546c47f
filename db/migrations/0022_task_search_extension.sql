-- The index that finds the tasks of one user by a part of their text starts with a uuid.
CREATE EXTENSION IF NOT EXISTS btree_gin;
