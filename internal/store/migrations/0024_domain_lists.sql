-- Block lists of others that the community subscribes to.

ALTER TABLE domain_policies ADD COLUMN by_lists BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX domain_policies_by_lists ON domain_policies (domain) WHERE by_lists;

CREATE TABLE domain_lists (
  id         BIGINT PRIMARY KEY,
  url        TEXT NOT NULL,
  title      TEXT NOT NULL,
  active     BOOLEAN NOT NULL,                -- it counts
  etag       TEXT NOT NULL DEFAULT '',
  entries    BIGINT NOT NULL DEFAULT 0,
  error      TEXT NOT NULL DEFAULT '',        -- of the last try
  tried_at   BIGINT,
  fetched_at BIGINT,
  removed_at BIGINT,                          -- its entries are being dropped since
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX domain_lists_url ON domain_lists (url) WHERE removed_at IS NULL;

CREATE TABLE domain_list_entries (
  list_id        BIGINT NOT NULL REFERENCES domain_lists (id) ON DELETE CASCADE,
  domain         TEXT NOT NULL,
  severity       TEXT NOT NULL,               -- noop, limit, suspend
  reject_media   BOOLEAN NOT NULL,
  reject_reports BOOLEAN NOT NULL,
  comment        TEXT NOT NULL,
  PRIMARY KEY (list_id, domain)
);
CREATE INDEX domain_list_entries_domain ON domain_list_entries (domain, list_id);

-- Domains that no list has a say on.
CREATE TABLE domain_list_exceptions (
  domain     TEXT PRIMARY KEY,
  created_at BIGINT NOT NULL
);
