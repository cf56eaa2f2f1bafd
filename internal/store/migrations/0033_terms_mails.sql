-- Whom mails tell of a version of the terms of service, and how far that is.
CREATE TABLE terms_mails (
  effective   TEXT NOT NULL,                  -- the day of the version, as 2006-01-02
  account_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  state       TEXT NOT NULL,                  -- waiting, queued, sent, refused
  PRIMARY KEY (effective, account_id)
);
CREATE INDEX terms_mails_state ON terms_mails (effective, state, account_id);
CREATE INDEX terms_mails_account ON terms_mails (account_id);
