-- Finding users by a part of their address or name.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
