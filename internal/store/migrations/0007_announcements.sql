-- What those who run the community tell everybody in it.
CREATE TABLE announcements (
  id           BIGINT PRIMARY KEY,
  text         TEXT NOT NULL,
  starts_at    BIGINT,                 -- with ends_at: when what it speaks of takes place
  ends_at      BIGINT,
  all_day      BOOLEAN NOT NULL,       -- both are days, the last one included
  published_at BIGINT NOT NULL,        -- may be in the future
  updated_at   BIGINT NOT NULL
);

CREATE TABLE announcement_dismissals (
  announcement_id BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
  account_id      BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (announcement_id, account_id)
);
CREATE INDEX announcement_dismissals_account ON announcement_dismissals (account_id);

CREATE TABLE announcement_reactions (
  id              BIGINT PRIMARY KEY,
  announcement_id BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
  account_id      BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  name            TEXT NOT NULL
);
CREATE UNIQUE INDEX announcement_reactions_once ON announcement_reactions (announcement_id, name, account_id);
CREATE INDEX announcement_reactions_account ON announcement_reactions (account_id);

-- Featured accounts are shown in pages, and go with either account.
CREATE INDEX endorsements_account ON endorsements (account_id, id);
CREATE INDEX endorsements_target ON endorsements (target_id);
