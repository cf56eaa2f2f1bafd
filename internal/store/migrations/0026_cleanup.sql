-- Which old posts of people here are deleted by themselves.
CREATE TABLE status_cleanups (
  account_id      BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  enabled         BOOLEAN NOT NULL,
  min_age         BIGINT NOT NULL,            -- seconds
  keep_pinned     BOOLEAN NOT NULL,
  keep_favourited BOOLEAN NOT NULL,
  keep_bookmarked BOOLEAN NOT NULL,
  keep_direct     BOOLEAN NOT NULL,
  keep_media      BOOLEAN NOT NULL,
  keep_polls      BOOLEAN NOT NULL,
  min_favourites  BIGINT NOT NULL,            -- 0: however many
  min_reblogs     BIGINT NOT NULL,
  next_at         BIGINT NOT NULL             -- when it is looked at again
);
CREATE INDEX status_cleanups_next ON status_cleanups (next_at) WHERE enabled;
