-- Which versions of the terms of service people accepted, and when.
CREATE TABLE terms_acceptances (
  account_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  effective   TEXT NOT NULL,                  -- the day of the version, as 2006-01-02
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, effective)
);
CREATE INDEX terms_acceptances_effective ON terms_acceptances (effective);
