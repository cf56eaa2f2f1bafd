-- What people sign in with beside, or instead of, their password.
CREATE TABLE one_time_secrets (
  account_id   BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  secret       TEXT NOT NULL,              -- base32
  confirmed    BOOLEAN NOT NULL DEFAULT FALSE,
  last_step    BIGINT NOT NULL DEFAULT 0   -- of 30 s since 1970: no code of it or before is taken again
);

CREATE TABLE recovery_codes (
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  hash         TEXT NOT NULL,
  PRIMARY KEY (account_id, hash)
);

CREATE TABLE passkeys (
  id           BIGINT PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  credential   TEXT NOT NULL UNIQUE,       -- base64url
  record       TEXT NOT NULL,              -- JSON
  name         TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  used_at      BIGINT
);
CREATE INDEX passkeys_account ON passkeys (account_id);

-- Sign-ins, and passkeys being made, of which the first half is done.
CREATE TABLE ceremonies (
  hash         TEXT PRIMARY KEY,
  account_id   BIGINT REFERENCES accounts (id) ON DELETE CASCADE,
  kind         TEXT NOT NULL,
  state        TEXT NOT NULL DEFAULT '',
  attempts     INTEGER NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL
);
CREATE INDEX ceremonies_created ON ceremonies (created_at);
