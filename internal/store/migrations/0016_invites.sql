-- Links by which people here let others join.
CREATE TABLE invites (
  id           BIGINT PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  code         TEXT NOT NULL,
  note         TEXT NOT NULL DEFAULT '',
  max_uses     INTEGER NOT NULL DEFAULT 0,    -- 0: any number
  uses         INTEGER NOT NULL DEFAULT 0,
  follow       BOOLEAN NOT NULL DEFAULT FALSE,
  expires_at   BIGINT,
  revoked_at   BIGINT,
  created_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX invites_code ON invites (code);
CREATE INDEX invites_account ON invites (account_id, id);

ALTER TABLE users ADD COLUMN invite_id BIGINT NOT NULL DEFAULT 0;      -- by which somebody joined
ALTER TABLE users ADD COLUMN invited_by_id BIGINT NOT NULL DEFAULT 0;  -- who made it
ALTER TABLE users ADD COLUMN reason TEXT NOT NULL DEFAULT '';          -- why somebody wants to join
