-- Previews of links, by the address that posts name.
CREATE TABLE cards (
  id                BIGINT PRIMARY KEY,
  url               TEXT NOT NULL,
  state             TEXT NOT NULL,               -- waiting, shown, none
  link              TEXT NOT NULL DEFAULT '',    -- where it leads
  type              TEXT NOT NULL DEFAULT 'link',
  title             TEXT NOT NULL DEFAULT '',
  description       TEXT NOT NULL DEFAULT '',
  language          TEXT NOT NULL DEFAULT '',
  provider          TEXT NOT NULL DEFAULT '',
  provider_url      TEXT NOT NULL DEFAULT '',
  authors           TEXT NOT NULL DEFAULT '[]',  -- JSON array
  creator_id        BIGINT,
  html              TEXT NOT NULL DEFAULT '',
  embed_url         TEXT NOT NULL DEFAULT '',
  width             BIGINT NOT NULL DEFAULT 0,
  height            BIGINT NOT NULL DEFAULT 0,
  image             TEXT NOT NULL DEFAULT '',    -- at the page's host, not shown before it is fetched
  image_description TEXT NOT NULL DEFAULT '',
  published_at      BIGINT,
  fetched_at        BIGINT
);
CREATE UNIQUE INDEX cards_url ON cards (url);
CREATE INDEX cards_age ON cards (fetched_at);
CREATE INDEX cards_link ON cards (link) WHERE state = 'shown';

-- The one card of a status.
CREATE TABLE status_cards (
  status_id BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
  card_id   BIGINT NOT NULL REFERENCES cards (id)
);
CREATE INDEX status_cards_card ON status_cards (card_id, status_id);

-- What trends, worked out anew every few minutes, and why. Scores are
-- thousandths.
CREATE TABLE trends (
  kind     TEXT NOT NULL,   -- tag, status, link
  item_id  BIGINT NOT NULL, -- of the hashtag, the status, or the oldest card of a link
  score    BIGINT NOT NULL, -- 0 is not shown
  peak     BIGINT NOT NULL,
  peak_at  BIGINT NOT NULL,
  observed BIGINT NOT NULL,
  expected BIGINT NOT NULL,
  PRIMARY KEY (kind, item_id)
);

-- What the staff decided about trends; kind account is for all of its posts.
CREATE TABLE trend_reviews (
  kind       TEXT NOT NULL,
  item_id    BIGINT NOT NULL,
  allowed    BOOLEAN NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (kind, item_id)
);

-- Accounts that somebody does not want to be suggested again.
CREATE TABLE suggestion_dismissals (
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  target_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, target_id)
);
CREATE INDEX suggestion_dismissals_target ON suggestion_dismissals (target_id);

-- The profile directory.
CREATE INDEX accounts_directory_active ON accounts (last_status_at, id) WHERE discoverable;
CREATE INDEX accounts_directory_new ON accounts (id) WHERE discoverable;
