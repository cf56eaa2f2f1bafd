-- Collections of accounts that somebody recommends (FEP-7aa9).
CREATE TABLE collections (
  id           BIGINT PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  uri          TEXT,                       -- of one from elsewhere
  name         TEXT NOT NULL,
  description  TEXT NOT NULL DEFAULT '',
  language     TEXT NOT NULL DEFAULT '',
  tag_id       BIGINT REFERENCES tags (id),
  sensitive    BOOLEAN NOT NULL,
  discoverable BOOLEAN NOT NULL,           -- shown on the profile
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX collections_uri ON collections (uri) WHERE uri IS NOT NULL;
CREATE INDEX collections_account ON collections (account_id, id);

CREATE TABLE collection_items (
  id            BIGINT PRIMARY KEY,
  collection_id BIGINT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
  account_id    BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  state         TEXT NOT NULL,             -- pending, accepted, rejected, revoked
  approval_uri  TEXT,                      -- the consent of a member elsewhere
  created_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX collection_items_pair ON collection_items (collection_id, account_id);
CREATE INDEX collection_items_account ON collection_items (account_id, collection_id);

ALTER TABLE notifications ADD COLUMN collection_id BIGINT NOT NULL DEFAULT 0;  -- 0: none
CREATE INDEX notifications_collection ON notifications (collection_id) WHERE collection_id <> 0;

CREATE INDEX collection_items_approval ON collection_items (approval_uri) WHERE approval_uri IS NOT NULL;

-- Who may put an account elsewhere into collections: 0 nobody, 1 followers, 2 everybody.
ALTER TABLE actors ADD COLUMN feature_policy SMALLINT NOT NULL DEFAULT 0;
