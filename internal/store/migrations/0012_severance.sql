-- Severed relationships: follows that a decision about a server or an account
-- ended, kept so that people can be told of theirs and that they can be
-- restored when the decision is taken back.
CREATE TABLE severances (
  id         BIGINT PRIMARY KEY,
  type       TEXT NOT NULL,                   -- domain_block, user_domain_block
  target     TEXT NOT NULL,                   -- the domain
  created_at BIGINT NOT NULL
);

CREATE TABLE severed_follows (
  severance_id BIGINT NOT NULL REFERENCES severances (id) ON DELETE CASCADE,
  local_id     BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- of the two, the one here
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- who followed
  target_id    BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  show_reblogs BOOLEAN NOT NULL,
  notify       BOOLEAN NOT NULL,
  languages    TEXT,
  PRIMARY KEY (severance_id, local_id, account_id, target_id)
);
CREATE INDEX severed_follows_local ON severed_follows (local_id);
CREATE INDEX severed_follows_account ON severed_follows (account_id);
CREATE INDEX severed_follows_target ON severed_follows (target_id);

ALTER TABLE notifications ADD COLUMN severance_id BIGINT NOT NULL DEFAULT 0;
DROP INDEX notifications_once;
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, from_id, type, status_id, report_id, severance_id, collection_id)
  WHERE type NOT IN ('update', 'quoted_update', 'collection_update');

-- To which servers a report is passed on: JSON array of domains.
ALTER TABLE reports ADD COLUMN forward_to TEXT NOT NULL DEFAULT '[]';
