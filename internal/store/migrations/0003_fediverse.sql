-- What federation needs to know. Remote accounts and statuses are rows of the
-- same tables as ours, with an explicit uri; here is what only servers ask.

-- How to reach a remote account. Ours are derived.
CREATE TABLE actors (
  account_id    BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  host          TEXT NOT NULL,             -- of the id, which may differ from the handle's domain
  inbox         TEXT NOT NULL,
  shared_inbox  TEXT NOT NULL DEFAULT '',
  outbox        TEXT NOT NULL DEFAULT '',
  followers     TEXT NOT NULL DEFAULT '',
  following     TEXT NOT NULL DEFAULT '',
  featured      TEXT NOT NULL DEFAULT '',
  featured_tags TEXT NOT NULL DEFAULT '',
  avatar        TEXT NOT NULL DEFAULT '',
  header        TEXT NOT NULL DEFAULT '',
  also_known_as TEXT NOT NULL DEFAULT '[]', -- JSON array of ids
  suspended     BOOLEAN NOT NULL DEFAULT FALSE, -- by its own server
  fetched_at    BIGINT NOT NULL,
  backfilled_at BIGINT,
  moved_at      BIGINT
);
CREATE INDEX actors_host ON actors (host);

-- Public keys of actors, by the id that signatures name; private ones are ours.
-- account_id 0 is the community's own actor; NULL is the stock made ahead.
CREATE TABLE actor_keys (
  id          BIGINT PRIMARY KEY,
  account_id  BIGINT,
  kind        TEXT NOT NULL,               -- rsa, ed25519
  uri         TEXT,                        -- NULL: derived, since ours
  public_key  TEXT NOT NULL,               -- PEM or multibase
  private_key TEXT NOT NULL DEFAULT '',
  owner       TEXT NOT NULL DEFAULT '',    -- name or explicit uri of an account of ours that is gone
  fetched_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX actor_keys_uri ON actor_keys (uri) WHERE uri IS NOT NULL;
CREATE INDEX actor_keys_account ON actor_keys (account_id, kind);

-- A peer. No row means nothing is known, and nothing is wrong.
CREATE TABLE hosts (
  host          TEXT PRIMARY KEY,
  software      TEXT NOT NULL DEFAULT '',  -- name and version, as it says itself
  signatures    TEXT NOT NULL DEFAULT '',  -- which scheme it takes: '' not learnt yet
  failures      BIGINT NOT NULL DEFAULT 0, -- in a row
  failing_since BIGINT,
  next_try      BIGINT,                    -- deliveries wait until then
  parked_at     BIGINT,                    -- given up but for probes
  owner         TEXT NOT NULL DEFAULT '',  -- the process that delivers to it now
  token         BIGINT NOT NULL DEFAULT 0,
  lease_until   BIGINT
);

-- What the staff decided about a domain and its sub-domains.
CREATE TABLE domain_policies (
  id             BIGINT PRIMARY KEY,
  domain         TEXT NOT NULL,
  severity       TEXT NOT NULL,            -- allow, limit, suspend
  reject_media   BOOLEAN NOT NULL DEFAULT FALSE,
  reject_reports BOOLEAN NOT NULL DEFAULT FALSE,
  comment        TEXT NOT NULL DEFAULT '',
  created_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX domain_policies_domain ON domain_policies (domain);

-- Letters to one inbox each; the body is encoded once.
CREATE TABLE delivery_bodies (
  id         BIGINT PRIMARY KEY,
  body       TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  job_id     BIGINT,                       -- that is still writing its deliveries
  part       BIGINT NOT NULL DEFAULT 0,    -- which of that job's bodies it is
  through    TEXT NOT NULL DEFAULT ''      -- the last inbox that was written
);
CREATE UNIQUE INDEX delivery_bodies_job ON delivery_bodies (job_id, part) WHERE job_id IS NOT NULL;
CREATE TABLE deliveries (
  id         BIGINT PRIMARY KEY,
  host       TEXT NOT NULL,
  inbox      TEXT NOT NULL,
  sender_id  BIGINT NOT NULL,              -- whose key signs; 0 is the community's
  body_id    BIGINT NOT NULL REFERENCES delivery_bodies (id),
  sync       BOOLEAN NOT NULL DEFAULT FALSE, -- carries Collection-Synchronization
  attempts   BIGINT NOT NULL DEFAULT 0,
  next_try   BIGINT,                       -- where not the host but the letter has to wait
  last_error TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
);
CREATE INDEX deliveries_host ON deliveries (host, id);
CREATE UNIQUE INDEX deliveries_body ON deliveries (body_id, inbox);
CREATE INDEX deliveries_sender ON deliveries (sender_id);

-- What strangers sent, verified, until its work is done.
CREATE TABLE inbox (
  id          BIGINT PRIMARY KEY,
  activity    TEXT NOT NULL,               -- its id, '' if it has none
  signer_id   BIGINT NOT NULL,             -- account whose key signed the request
  recipient_id BIGINT NOT NULL DEFAULT 0,  -- whose inbox it came to; 0 is the shared one
  host        TEXT NOT NULL,
  body        TEXT NOT NULL,
  received_at BIGINT NOT NULL
);

-- Ids of activities that took effect, so that none does twice.
CREATE TABLE seen_activities (
  uri     TEXT PRIMARY KEY,
  seen_at BIGINT NOT NULL
);
CREATE INDEX seen_activities_age ON seen_activities (seen_at);

-- Ids of objects that were deleted and never come back.
CREATE TABLE tombstones (
  uri        TEXT PRIMARY KEY,
  deleted_at BIGINT NOT NULL
);

-- What a remote status came as, compressed, and where its replies are.
CREATE TABLE remote_objects (
  status_id  BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
  json       BYTEA NOT NULL,
  replies    TEXT NOT NULL DEFAULT '',
  fetched_at BIGINT NOT NULL,
  replies_at BIGINT                        -- when its replies were last walked
);

CREATE TABLE attachments (
  id          BIGINT PRIMARY KEY,
  account_id  BIGINT NOT NULL,
  status_id   BIGINT REFERENCES statuses (id) ON DELETE CASCADE,
  position    BIGINT NOT NULL,
  kind        TEXT NOT NULL,               -- image, gifv, video, audio, unknown
  media_type  TEXT NOT NULL,
  remote_url  TEXT NOT NULL,
  preview_url TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  blurhash    TEXT NOT NULL DEFAULT '',
  width       BIGINT NOT NULL DEFAULT 0,
  height      BIGINT NOT NULL DEFAULT 0,
  duration_ms BIGINT NOT NULL DEFAULT 0,
  focus       TEXT NOT NULL DEFAULT ''     -- "x,y"; '' is the middle
);
CREATE INDEX attachments_status ON attachments (status_id, position);

CREATE TABLE emojis (
  id         BIGINT PRIMARY KEY,
  shortcode  TEXT NOT NULL,
  domain     TEXT NOT NULL DEFAULT '',     -- '' is ours
  uri        TEXT NOT NULL DEFAULT '',
  url        TEXT NOT NULL,
  static_url TEXT NOT NULL DEFAULT '',
  category   TEXT NOT NULL DEFAULT '',
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX emojis_code ON emojis (domain, shortcode);

ALTER TABLE favourites ADD COLUMN uri TEXT;
ALTER TABLE favourites ADD COLUMN reaction TEXT NOT NULL DEFAULT '';

ALTER TABLE statuses ADD COLUMN quote_policy SMALLINT NOT NULL DEFAULT 0; -- 0 public, 1 followers, 2 nobody

-- One quote of a status by another (FEP-044f).
CREATE TABLE quotes (
  status_id     BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE, -- that quotes
  account_id    BIGINT NOT NULL,
  quoted_id     BIGINT,                    -- NULL while it is not known here
  quoted_uri    TEXT NOT NULL DEFAULT '',
  quoted_account_id BIGINT,
  state         TEXT NOT NULL,             -- pending, accepted, rejected, revoked, deleted
  legacy        BOOLEAN NOT NULL DEFAULT FALSE,
  approval_uri  TEXT NOT NULL DEFAULT '',
  request_uri   TEXT NOT NULL DEFAULT '',
  created_at    BIGINT NOT NULL,
  checked_at    BIGINT
);
CREATE INDEX quotes_quoted ON quotes (quoted_id, status_id);
CREATE INDEX quotes_waiting ON quotes (quoted_uri) WHERE quoted_id IS NULL;
CREATE INDEX quotes_approval ON quotes (approval_uri) WHERE approval_uri <> '';

CREATE TABLE reports (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL,              -- who reports; 0: another server, unnamed
  target_id  BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  uri        TEXT,
  category   TEXT NOT NULL,
  comment    TEXT NOT NULL,
  status_ids TEXT NOT NULL DEFAULT '[]',   -- JSON array
  rule_ids   TEXT NOT NULL DEFAULT '[]',
  forwarded  BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  resolved_at BIGINT
);
CREATE INDEX reports_target ON reports (target_id, id);

CREATE TABLE relays (
  id         BIGINT PRIMARY KEY,
  inbox      TEXT NOT NULL,
  actor      TEXT NOT NULL DEFAULT '',     -- of a relay that is followed as an actor
  state      TEXT NOT NULL,                -- pending, accepted, rejected, removed
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX relays_inbox ON relays (inbox);

-- Who decided it, as a set of bits (domain.Authority): each takes back its own.
ALTER TABLE accounts ADD COLUMN suspended_by SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN silenced_by SMALLINT NOT NULL DEFAULT 0;

-- Mirrored statuses (remote.Accept): what a reply answers while that is not
-- known here; deletions of what never was here, kept for a while; where the
-- other posts of a thread are.
ALTER TABLE statuses ADD COLUMN in_reply_to_uri TEXT;
CREATE INDEX statuses_awaiting ON statuses (in_reply_to_uri) WHERE in_reply_to_uri IS NOT NULL;
ALTER TABLE tombstones ADD COLUMN expires_at BIGINT;
CREATE INDEX tombstones_expiry ON tombstones (expires_at) WHERE expires_at IS NOT NULL;
ALTER TABLE remote_objects ADD COLUMN context TEXT NOT NULL DEFAULT '';
CREATE INDEX remote_objects_age ON remote_objects (fetched_at) WHERE length(json) > 0;
CREATE INDEX quotes_unchecked ON quotes (checked_at) WHERE approval_uri <> '';

-- Reports: a Flag makes one only; staff hear of them.
CREATE UNIQUE INDEX reports_uri ON reports (uri) WHERE uri IS NOT NULL;
ALTER TABLE notifications ADD COLUMN report_id BIGINT NOT NULL DEFAULT 0;
DROP INDEX notifications_once;
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, from_id, type, status_id, report_id) WHERE type NOT IN ('update', 'quoted_update');

-- A search for the address of a profile's page finds the account.
CREATE INDEX accounts_url ON accounts (url) WHERE url IS NOT NULL;

-- Activities that others name by their id alone.
CREATE INDEX follows_uri ON follows (uri) WHERE uri IS NOT NULL;
CREATE INDEX favourites_uri ON favourites (uri) WHERE uri IS NOT NULL;
CREATE INDEX blocks_uri ON blocks (uri) WHERE uri IS NOT NULL;

-- Moves of our own accounts: the ids under which they were known elsewhere,
-- as a JSON array, and when they last moved away.
ALTER TABLE users ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]';
ALTER TABLE users ADD COLUMN moved_at BIGINT;

-- Old copies of actors are refreshed in turn.
CREATE INDEX actors_age ON actors (fetched_at);
