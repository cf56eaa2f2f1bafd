-- People who have signed up faster than the machine lets them in. Their names
-- are theirs already.
CREATE TABLE waiting_room (
  account_id   BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  hash         TEXT NOT NULL UNIQUE,          -- of the text by which they find their place
  decided      BOOLEAN NOT NULL,              -- nobody else has to let them in
  created_at   BIGINT NOT NULL,
  admitted_at  BIGINT
);
CREATE INDEX waiting_room_queue ON waiting_room (account_id) WHERE admitted_at IS NULL;

-- The pace, in one row once somebody has signed up: when the next one may come in, and how far apart.
CREATE TABLE admission (
  id           INTEGER PRIMARY KEY,
  next_at      BIGINT NOT NULL,
  spacing      BIGINT NOT NULL                -- milliseconds
);
