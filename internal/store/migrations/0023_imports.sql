-- Files that people bring along from elsewhere.
CREATE TABLE imports (
  id          BIGINT PRIMARY KEY,
  account_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind        TEXT NOT NULL,
  overwrite   BOOLEAN NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('proposed', 'working', 'done')),
  file_name   TEXT NOT NULL,
  data        TEXT NOT NULL,               -- the rows as JSON, '' once they are done
  total       BIGINT NOT NULL,
  done        BIGINT NOT NULL DEFAULT 0,
  removed     BIGINT NOT NULL DEFAULT 0,
  failures    BIGINT NOT NULL,
  fresh       BIGINT NOT NULL,
  known       BIGINT NOT NULL,
  leaving     BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX imports_account ON imports (account_id, id);
CREATE INDEX imports_created ON imports (created_at);

CREATE TABLE import_failures (
  import_id BIGINT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  line      BIGINT NOT NULL,
  cells     TEXT NOT NULL,                 -- JSON array
  reason    TEXT NOT NULL,
  PRIMARY KEY (import_id, line)
);
