-- People, posts and what stands between them. Times are UTC milliseconds,
-- NULL where there is none; ids are time-ordered; JSON is opaque text.

CREATE TABLE accounts (
  id               BIGINT PRIMARY KEY,
  username         TEXT NOT NULL,
  username_key     TEXT NOT NULL,             -- lower case
  domain           TEXT NOT NULL DEFAULT '',  -- '' is this community
  uri              TEXT,
  url              TEXT,
  display_name     TEXT NOT NULL DEFAULT '',
  note             TEXT NOT NULL DEFAULT '',
  note_html        TEXT NOT NULL DEFAULT '',
  fields           TEXT NOT NULL DEFAULT '[]',
  locked           BOOLEAN NOT NULL DEFAULT FALSE,
  bot              BOOLEAN NOT NULL DEFAULT FALSE,
  is_group         BOOLEAN NOT NULL DEFAULT FALSE,
  discoverable     BOOLEAN NOT NULL DEFAULT FALSE,
  indexable        BOOLEAN NOT NULL DEFAULT FALSE,
  hide_collections BOOLEAN NOT NULL DEFAULT FALSE,
  memorial         BOOLEAN NOT NULL DEFAULT FALSE,
  moved_to_id      BIGINT,
  suspended_at     BIGINT,
  silenced_at      BIGINT,
  created_at       BIGINT NOT NULL,
  updated_at       BIGINT NOT NULL,
  rev              BIGINT NOT NULL DEFAULT 1,
  statuses_count   BIGINT NOT NULL DEFAULT 0,
  followers_count  BIGINT NOT NULL DEFAULT 0,
  following_count  BIGINT NOT NULL DEFAULT 0,
  last_status_at   BIGINT,
  hide_media          BOOLEAN NOT NULL DEFAULT FALSE,  -- tabs of the profile
  hide_media_replies  BOOLEAN NOT NULL DEFAULT FALSE,
  hide_featured       BOOLEAN NOT NULL DEFAULT FALSE,
  attribution_domains TEXT NOT NULL DEFAULT '[]'       -- JSON array
);
CREATE UNIQUE INDEX accounts_name ON accounts (username_key, domain);
CREATE UNIQUE INDEX accounts_uri ON accounts (uri) WHERE uri IS NOT NULL;
CREATE INDEX accounts_local ON accounts (id) WHERE domain = '';

-- What account search looks in: lower-case words of the name and the display name.
CREATE TABLE account_words (
  word       TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (word, account_id)
);
CREATE INDEX account_words_account ON account_words (account_id);

CREATE TABLE users (
  account_id    BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  email         TEXT NOT NULL,
  email_key     TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  role          TEXT NOT NULL,
  confirmed_at  BIGINT,
  approved      BOOLEAN NOT NULL,
  disabled_at   BIGINT,
  locale        TEXT NOT NULL DEFAULT '',
  prefs         TEXT NOT NULL DEFAULT '{}',
  created_at    BIGINT NOT NULL,
  seen_at       BIGINT
);
CREATE UNIQUE INDEX users_email ON users (email_key) WHERE email_key <> '';  -- the owner may have none

-- Names of deleted users, which nobody gets again.
CREATE TABLE retired_names (
  username_key TEXT PRIMARY KEY
);

CREATE TABLE apps (
  id            BIGINT PRIMARY KEY,
  name          TEXT NOT NULL,
  website       TEXT NOT NULL,
  redirect_uris TEXT NOT NULL,                -- one a line
  scopes        TEXT NOT NULL,
  client_id     TEXT NOT NULL,
  secret_hash   TEXT NOT NULL,                -- hex SHA-256
  created_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX apps_client ON apps (client_id);

CREATE TABLE tokens (
  id         BIGINT PRIMARY KEY,
  hash       TEXT NOT NULL,                   -- hex SHA-256
  app_id     BIGINT REFERENCES apps (id),
  account_id BIGINT REFERENCES accounts (id) ON DELETE CASCADE,
  scopes     TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT,
  used_at    BIGINT
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_account ON tokens (account_id, app_id) WHERE account_id IS NOT NULL;

CREATE TABLE oauth_codes (
  id           BIGINT PRIMARY KEY,
  hash         TEXT NOT NULL,
  app_id       BIGINT NOT NULL REFERENCES apps (id),
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  redirect_uri TEXT NOT NULL,
  scopes       TEXT NOT NULL,
  challenge    TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  used_at      BIGINT,
  token_id     BIGINT
);
CREATE UNIQUE INDEX oauth_codes_hash ON oauth_codes (hash);
CREATE INDEX oauth_codes_account ON oauth_codes (account_id);

CREATE TABLE sessions (
  id         BIGINT PRIMARY KEY,
  hash       TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  token_id   BIGINT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  ip         TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_hash ON sessions (hash);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_token ON sessions (token_id);

CREATE TABLE statuses (
  id                     BIGINT PRIMARY KEY,
  account_id             BIGINT NOT NULL REFERENCES accounts (id),
  uri                    TEXT,
  url                    TEXT,
  local                  BOOLEAN NOT NULL,
  local_only             BOOLEAN NOT NULL DEFAULT FALSE,
  visibility             SMALLINT NOT NULL,
  text                   TEXT NOT NULL DEFAULT '',
  content_type           TEXT NOT NULL DEFAULT '',
  content                TEXT NOT NULL DEFAULT '',
  spoiler                TEXT NOT NULL DEFAULT '',
  sensitive              BOOLEAN NOT NULL DEFAULT FALSE,
  language               TEXT NOT NULL DEFAULT '',
  app_id                 BIGINT,
  reblog_of_id           BIGINT,
  in_reply_to_id         BIGINT,
  in_reply_to_account_id BIGINT,
  conversation_id        BIGINT NOT NULL,
  poll_id                BIGINT,
  quote_id               BIGINT,
  created_at             BIGINT NOT NULL,
  edited_at              BIGINT,
  rev                    BIGINT NOT NULL DEFAULT 1,
  replies_count          BIGINT NOT NULL DEFAULT 0,
  reblogs_count          BIGINT NOT NULL DEFAULT 0,
  favourites_count       BIGINT NOT NULL DEFAULT 0,
  quotes_count           BIGINT NOT NULL DEFAULT 0,
  words                  TEXT NOT NULL DEFAULT ''  -- prepared index words
);
CREATE UNIQUE INDEX statuses_uri ON statuses (uri) WHERE uri IS NOT NULL;
CREATE INDEX statuses_account ON statuses (account_id, id);
CREATE INDEX statuses_public ON statuses (id) WHERE visibility = 0 AND reblog_of_id IS NULL;
CREATE INDEX statuses_local ON statuses (id) WHERE visibility = 0 AND reblog_of_id IS NULL AND local;
CREATE INDEX statuses_reply ON statuses (in_reply_to_id, id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX statuses_conversation ON statuses (conversation_id, id);
CREATE UNIQUE INDEX statuses_reblog ON statuses (reblog_of_id, account_id) WHERE reblog_of_id IS NOT NULL;

CREATE TABLE mentions (
  id         BIGINT PRIMARY KEY,
  status_id  BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  silent     BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE UNIQUE INDEX mentions_status ON mentions (status_id, account_id);
CREATE INDEX mentions_account ON mentions (account_id, status_id);

CREATE TABLE tags (
  id      BIGINT PRIMARY KEY,
  name    TEXT NOT NULL,
  display TEXT NOT NULL
);
CREATE UNIQUE INDEX tags_name ON tags (name);

CREATE TABLE status_tags (
  tag_id    BIGINT NOT NULL REFERENCES tags (id),
  status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  PRIMARY KEY (tag_id, status_id)
);
CREATE INDEX status_tags_status ON status_tags (status_id);

CREATE TABLE status_edits (
  id           BIGINT PRIMARY KEY,
  status_id    BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  text         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  content      TEXT NOT NULL,
  spoiler      TEXT NOT NULL,
  sensitive    BOOLEAN NOT NULL,
  language     TEXT NOT NULL,
  poll_options TEXT NOT NULL,
  created_at   BIGINT NOT NULL
);
CREATE INDEX status_edits_status ON status_edits (status_id, id);

CREATE TABLE polls (
  id           BIGINT PRIMARY KEY,
  status_id    BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  account_id   BIGINT NOT NULL,
  multiple     BOOLEAN NOT NULL,
  hide_totals  BOOLEAN NOT NULL,
  expires_at   BIGINT,
  ended_at     BIGINT,
  votes_count  BIGINT NOT NULL DEFAULT 0,
  voters_count BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX polls_status ON polls (status_id);

CREATE TABLE poll_options (
  poll_id BIGINT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
  choice  BIGINT NOT NULL,
  title   TEXT NOT NULL,
  votes   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (poll_id, choice)
);

CREATE TABLE poll_votes (
  poll_id    BIGINT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  choice     BIGINT NOT NULL,
  PRIMARY KEY (poll_id, account_id, choice)
);

CREATE TABLE favourites (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  status_id  BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX favourites_pair ON favourites (account_id, status_id);
CREATE INDEX favourites_status ON favourites (status_id, id);
CREATE INDEX favourites_account ON favourites (account_id, id);

CREATE TABLE bookmarks (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  status_id  BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX bookmarks_pair ON bookmarks (account_id, status_id);
CREATE INDEX bookmarks_status ON bookmarks (status_id);
CREATE INDEX bookmarks_account ON bookmarks (account_id, id);

CREATE TABLE pins (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  status_id  BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX pins_pair ON pins (account_id, status_id);
CREATE INDEX pins_status ON pins (status_id);

CREATE TABLE thread_mutes (
  account_id      BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  conversation_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, conversation_id)
);

-- What an Idempotency-Key gave: a status or a scheduled one.
CREATE TABLE idempotency_keys (
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  idem_key     TEXT NOT NULL,
  status_id    BIGINT,
  scheduled_id BIGINT,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (account_id, idem_key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE scheduled_statuses (
  id           BIGINT PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  scheduled_at BIGINT NOT NULL,
  params       TEXT NOT NULL,
  created_at   BIGINT NOT NULL
);
CREATE INDEX scheduled_statuses_account ON scheduled_statuses (account_id, id);

CREATE TABLE follows (
  id           BIGINT PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  target_id    BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  pending      BOOLEAN NOT NULL,
  show_reblogs BOOLEAN NOT NULL DEFAULT TRUE,
  notify       BOOLEAN NOT NULL DEFAULT FALSE,
  languages    TEXT,                          -- JSON array; NULL is all
  uri          TEXT,
  created_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX follows_pair ON follows (account_id, target_id);
CREATE INDEX follows_account ON follows (account_id, id) WHERE NOT pending;
CREATE INDEX follows_target ON follows (target_id, id) WHERE NOT pending;
CREATE INDEX follows_requests ON follows (target_id, id) WHERE pending;

CREATE TABLE blocks (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  target_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  uri        TEXT
);
CREATE UNIQUE INDEX blocks_pair ON blocks (account_id, target_id);
CREATE INDEX blocks_account ON blocks (account_id, id);
CREATE INDEX blocks_target ON blocks (target_id);

CREATE TABLE mutes (
  id                 BIGINT PRIMARY KEY,
  account_id         BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  target_id          BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  hide_notifications BOOLEAN NOT NULL,
  expires_at         BIGINT
);
CREATE UNIQUE INDEX mutes_pair ON mutes (account_id, target_id);
CREATE INDEX mutes_account ON mutes (account_id, id);
CREATE INDEX mutes_target ON mutes (target_id);

CREATE TABLE user_domain_blocks (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  domain     TEXT NOT NULL
);
CREATE UNIQUE INDEX user_domain_blocks_pair ON user_domain_blocks (account_id, domain);

CREATE TABLE account_notes (
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  target_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  comment    TEXT NOT NULL,
  PRIMARY KEY (account_id, target_id)
);

CREATE TABLE endorsements (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  target_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX endorsements_pair ON endorsements (account_id, target_id);

CREATE TABLE lists (
  id             BIGINT PRIMARY KEY,
  account_id     BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  title          TEXT NOT NULL,
  replies_policy TEXT NOT NULL,
  exclusive      BOOLEAN NOT NULL,
  created_at     BIGINT NOT NULL
);
CREATE INDEX lists_account ON lists (account_id, id);

CREATE TABLE list_members (
  id         BIGINT PRIMARY KEY,
  list_id    BIGINT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX list_members_pair ON list_members (list_id, account_id);
CREATE INDEX list_members_account ON list_members (account_id, list_id);

CREATE TABLE tag_follows (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  tag_id     BIGINT NOT NULL REFERENCES tags (id)
);
CREATE UNIQUE INDEX tag_follows_pair ON tag_follows (account_id, tag_id);
CREATE INDEX tag_follows_tag ON tag_follows (tag_id);

CREATE TABLE featured_tags (
  id             BIGINT PRIMARY KEY,
  account_id     BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  tag_id         BIGINT NOT NULL REFERENCES tags (id)
);
CREATE UNIQUE INDEX featured_tags_pair ON featured_tags (account_id, tag_id);

CREATE TABLE filters (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  title      TEXT NOT NULL,
  contexts   TEXT NOT NULL,                   -- JSON array
  action     TEXT NOT NULL,
  expires_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX filters_account ON filters (account_id, id);

CREATE TABLE filter_keywords (
  id         BIGINT PRIMARY KEY,
  filter_id  BIGINT NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
  keyword    TEXT NOT NULL,
  whole_word BOOLEAN NOT NULL
);
CREATE INDEX filter_keywords_filter ON filter_keywords (filter_id, id);

CREATE TABLE filter_statuses (
  id        BIGINT PRIMARY KEY,
  filter_id BIGINT NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
  status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX filter_statuses_pair ON filter_statuses (filter_id, status_id);
CREATE INDEX filter_statuses_status ON filter_statuses (status_id);

-- One account's view of the direct posts of a thread among a set of people.
CREATE TABLE conversations (
  id              BIGINT PRIMARY KEY,
  account_id      BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  conversation_id BIGINT NOT NULL,
  participants    TEXT NOT NULL,              -- ascending ids, comma between
  last_status_id  BIGINT NOT NULL,            -- may be gone for a moment
  unread          BOOLEAN NOT NULL,
  hidden          BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE UNIQUE INDEX conversations_key ON conversations (account_id, conversation_id, participants);
CREATE INDEX conversations_account ON conversations (account_id, last_status_id);

CREATE TABLE conversation_statuses (
  view_id   BIGINT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  PRIMARY KEY (view_id, status_id)
);
CREATE INDEX conversation_statuses_status ON conversation_statuses (status_id);

CREATE TABLE notifications (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  from_id    BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  type       TEXT NOT NULL,
  status_id  BIGINT NOT NULL DEFAULT 0,       -- 0: none
  filtered   BOOLEAN NOT NULL DEFAULT FALSE,
  group_key  TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX notifications_account ON notifications (account_id, id);
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, from_id, type, status_id) WHERE type <> 'update';
CREATE INDEX notifications_from ON notifications (from_id);
CREATE INDEX notifications_status ON notifications (status_id) WHERE status_id <> 0;

CREATE TABLE markers (
  account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  timeline   TEXT NOT NULL,
  last_read  TEXT NOT NULL,
  version    BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, timeline)
);

CREATE TABLE rules (
  id   BIGINT PRIMARY KEY,
  text TEXT NOT NULL,
  hint TEXT NOT NULL DEFAULT ''
);
