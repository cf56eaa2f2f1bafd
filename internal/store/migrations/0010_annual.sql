-- What people did here in a year, as they had it summed up.
CREATE TABLE annual_reports (
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  year       BIGINT NOT NULL,
  data       TEXT NOT NULL DEFAULT '',        -- JSON; '' while it is being made
  asked_at   BIGINT NOT NULL,
  read_at    BIGINT,
  PRIMARY KEY (account_id, year)
);
