-- Translations of statuses, as they were at a revision.
CREATE TABLE translations (
  status_id  BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  language   TEXT NOT NULL,                   -- into which
  rev        BIGINT NOT NULL,
  value      TEXT NOT NULL,                   -- JSON
  created_at BIGINT NOT NULL,
  PRIMARY KEY (status_id, language)
);
CREATE INDEX translations_age ON translations (created_at);
