-- What the author of a post elsewhere said of an answer of ours to it. No row:
-- it has said nothing, as most never do.
CREATE TABLE reply_approvals (
  status_id  BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
  by_id      BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  uri        TEXT NOT NULL DEFAULT '', -- of the approval
  rejected   BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX reply_approvals_by ON reply_approvals (by_id);
CREATE UNIQUE INDEX reply_approvals_uri ON reply_approvals (uri) WHERE uri <> '';
