-- Addresses that hear of what happens here.
CREATE TABLE webhooks (
  id         BIGINT PRIMARY KEY,
  url        TEXT NOT NULL,
  events     TEXT NOT NULL,                   -- JSON array
  secret     TEXT NOT NULL,
  enabled    BOOLEAN NOT NULL,
  error      TEXT NOT NULL DEFAULT '',        -- of the last delivery
  tried_at   BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX webhooks_url ON webhooks (url);

-- Texts that the staff uses again and again.
CREATE TABLE canned_texts (
  id         BIGINT PRIMARY KEY,
  kind       TEXT NOT NULL,                   -- warning, rejection
  title      TEXT NOT NULL,
  text       TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- Whose links trend; what the staff decided about them is among trend_reviews.
CREATE TABLE publishers (
  id         BIGINT PRIMARY KEY,
  domain     TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX publishers_domain ON publishers (domain);
ALTER TABLE trends ADD COLUMN publisher_id BIGINT NOT NULL DEFAULT 0;

-- How many bytes the database and the media of people here take, by day since
-- the epoch.
CREATE TABLE size_days (
  day   BIGINT PRIMARY KEY,
  bytes BIGINT NOT NULL
);
