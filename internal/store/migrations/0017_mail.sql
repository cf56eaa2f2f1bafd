-- Links that were mailed, by the hash of their text: to confirm an address, or
-- to set a new password.
CREATE TABLE mail_secrets (
  hash         TEXT PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind         TEXT NOT NULL,
  email        TEXT NOT NULL,                 -- where it was sent
  created_at   BIGINT NOT NULL
);
CREATE INDEX mail_secrets_account ON mail_secrets (account_id, kind);
CREATE INDEX mail_secrets_created ON mail_secrets (created_at);

-- How many mails went out in each hour, for a provider's daily cap.
CREATE TABLE mail_hours (
  hour         BIGINT PRIMARY KEY,            -- its beginning
  sent         INTEGER NOT NULL
);

ALTER TABLE users ADD COLUMN new_email TEXT NOT NULL DEFAULT '';    -- waits for its confirmation
ALTER TABLE users ADD COLUMN mailed_id BIGINT NOT NULL DEFAULT 0;   -- the newest notification that was mailed

-- Who signed in from where.
CREATE TABLE sign_ins (
  id           BIGINT PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  method       TEXT NOT NULL,
  ip           TEXT NOT NULL,
  network      TEXT NOT NULL,                 -- the address without what changes often
  user_agent   TEXT NOT NULL,
  known        BOOLEAN NOT NULL,              -- the browser or the network was seen before
  created_at   BIGINT NOT NULL
);
CREATE INDEX sign_ins_account ON sign_ins (account_id, id);
CREATE INDEX sign_ins_created ON sign_ins (created_at);
