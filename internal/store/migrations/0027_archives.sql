-- The archive that somebody asked for last.
CREATE TABLE archives (
  account_id  BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  state       TEXT NOT NULL CHECK (state IN ('working', 'done')),
  file        TEXT NOT NULL DEFAULT '',     -- among the files of media, which goes by itself
  size        BIGINT NOT NULL DEFAULT 0,
  done        BIGINT NOT NULL DEFAULT 0,
  total       BIGINT NOT NULL DEFAULT 0,
  created_at  BIGINT NOT NULL,
  finished_at BIGINT
);
