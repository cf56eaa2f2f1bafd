-- Notifications: what people decided about those they do not know, and the
-- apps that hear of them while they do not run.

-- No row is the policy that everybody begins with.
CREATE TABLE notification_policies (
  account_id       BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  not_following    TEXT NOT NULL,             -- accept, filter, drop
  not_followers    TEXT NOT NULL,
  new_accounts     TEXT NOT NULL,
  private_mentions TEXT NOT NULL,
  limited_accounts TEXT NOT NULL,
  bots             TEXT NOT NULL
);

-- Whose notifications are let through whatever the policy says.
CREATE TABLE notification_permissions (
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  from_id    BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  merging    BOOLEAN NOT NULL,                -- what was put aside is still being let through
  PRIMARY KEY (account_id, from_id)
);
CREATE INDEX notification_permissions_from ON notification_permissions (from_id);

CREATE TABLE notification_requests (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  from_id    BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX notification_requests_pair ON notification_requests (account_id, from_id);
CREATE INDEX notification_requests_account ON notification_requests (account_id, id);
CREATE INDEX notification_requests_from ON notification_requests (from_id);

CREATE INDEX notifications_group ON notifications (account_id, group_key, id);
CREATE INDEX notifications_aside ON notifications (account_id, from_id, id) WHERE filtered;

CREATE TABLE push_subscriptions (
  id         BIGINT PRIMARY KEY,
  token_id   BIGINT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  endpoint   TEXT NOT NULL,
  app_key    BYTEA NOT NULL,
  auth       BYTEA NOT NULL,
  standard   BOOLEAN NOT NULL,
  alerts     TEXT NOT NULL,                   -- JSON array of types
  policy     TEXT NOT NULL,
  bearer     TEXT NOT NULL,                   -- text of the token, which messages carry
  failures   BIGINT NOT NULL DEFAULT 0,       -- in a row
  next_try   BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX push_subscriptions_token ON push_subscriptions (token_id);
CREATE INDEX push_subscriptions_account ON push_subscriptions (account_id, id);
