-- What looks like a wave of spam waits for the staff.
CREATE TABLE spam_waves (
  id         BIGINT PRIMARY KEY,
  host       TEXT NOT NULL,                   -- where its posts come from
  state      TEXT NOT NULL,                   -- open, released or confirmed
  pattern    BIGINT NOT NULL,                 -- the same in waves of alike posts; 0: they are not alike
  posts      BIGINT NOT NULL DEFAULT 0,       -- held so far
  last_at    BIGINT NOT NULL,
  decided_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX spam_waves_open ON spam_waves (host) WHERE state = 'open';
CREATE INDEX spam_waves_host ON spam_waves (host, id);

CREATE TABLE held_posts (
  id          BIGINT PRIMARY KEY,
  wave_id     BIGINT NOT NULL REFERENCES spam_waves (id) ON DELETE CASCADE,
  account_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  uri         TEXT NOT NULL,
  why         TEXT NOT NULL,                  -- the rule that held it
  text        TEXT NOT NULL,
  strangers   BIGINT NOT NULL,                -- people here whom it mentions
  json        BYTEA NOT NULL,                 -- as it came
  released_at BIGINT,                         -- since when it waits to be taken in
  created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX held_posts_uri ON held_posts (uri);
CREATE INDEX held_posts_wave ON held_posts (wave_id, id);
CREATE INDEX held_posts_account ON held_posts (account_id);

-- What newcomers elsewhere wrote to strangers here, as fingerprints.
CREATE TABLE spam_marks (
  key       BIGINT PRIMARY KEY,
  strangers BIGINT NOT NULL,
  pattern   BIGINT NOT NULL,                  -- of the posts held for it; 0: none
  seen_at   BIGINT NOT NULL
);
CREATE INDEX spam_marks_seen ON spam_marks (seen_at);
