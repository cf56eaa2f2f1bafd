-- Files of pictures, video and sound, and where those of others are.

-- Every file that the store of media holds, or is about to hold.
CREATE TABLE media_files (
  name       TEXT PRIMARY KEY,
  size       BIGINT NOT NULL,
  account_id BIGINT NOT NULL DEFAULT 0,    -- who uploaded it; 0: the community, or it is from elsewhere
  remote     BOOLEAN NOT NULL,             -- a copy of what is elsewhere, which the budget bounds
  doomed_at  BIGINT,                       -- when it goes; NULL while something refers to it
  created_at BIGINT NOT NULL
);
CREATE INDEX media_files_doomed ON media_files (doomed_at) WHERE doomed_at IS NOT NULL;
CREATE INDEX media_files_remote ON media_files (size) WHERE remote;
CREATE INDEX media_files_account ON media_files (account_id) WHERE account_id <> 0;

-- What is elsewhere and shown here under an address of ours.
CREATE TABLE remote_media (
  key        TEXT PRIMARY KEY,             -- part of our address; nobody can guess it
  kind       TEXT NOT NULL,                -- attachment, avatar, header, emoji, card
  url        TEXT NOT NULL,
  poster_url TEXT NOT NULL DEFAULT '',     -- a still picture of it elsewhere
  file       TEXT NOT NULL DEFAULT '',     -- names of our copies, '' while there are none
  small      TEXT NOT NULL DEFAULT '',
  seen_at    BIGINT NOT NULL,              -- within the hour
  failures   BIGINT NOT NULL DEFAULT 0,    -- to fetch it, in a row
  next_try   BIGINT
);
CREATE INDEX remote_media_seen ON remote_media (seen_at) WHERE file <> '';

-- An attachment of ours has files, one of others a key. Of an upload the
-- source is kept until it was processed. Position -1 is of what an edit took
-- away and the history still shows.
ALTER TABLE attachments ADD COLUMN remote_key TEXT NOT NULL DEFAULT '';
ALTER TABLE attachments ADD COLUMN file TEXT NOT NULL DEFAULT '';
ALTER TABLE attachments ADD COLUMN small TEXT NOT NULL DEFAULT '';
ALTER TABLE attachments ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE attachments ADD COLUMN state TEXT NOT NULL DEFAULT 'done'; -- waiting, done, failed
ALTER TABLE attachments ADD COLUMN small_width BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attachments ADD COLUMN small_height BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attachments ADD COLUMN bitrate BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attachments ADD COLUMN frame_rate TEXT NOT NULL DEFAULT '';
ALTER TABLE attachments ADD COLUMN scheduled_id BIGINT;
ALTER TABLE attachments ADD COLUMN unused_since BIGINT;                -- NULL while a post has it, or will
CREATE INDEX attachments_unused ON attachments (unused_since) WHERE unused_since IS NOT NULL;
CREATE INDEX attachments_scheduled ON attachments (scheduled_id) WHERE scheduled_id IS NOT NULL;
CREATE INDEX attachments_remote ON attachments (remote_key) WHERE remote_key <> '';
CREATE INDEX attachments_account ON attachments (account_id, id);

-- The attachments of a revision: JSON array of ids and descriptions.
ALTER TABLE status_edits ADD COLUMN media TEXT NOT NULL DEFAULT '[]';

-- Pictures of accounts, '' for none: of people here the names of the files, of
-- others the keys of remote_media.
ALTER TABLE accounts ADD COLUMN avatar TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN avatar_static TEXT NOT NULL DEFAULT ''; -- '': the avatar does not move
ALTER TABLE accounts ADD COLUMN avatar_description TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN header TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN header_static TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN header_description TEXT NOT NULL DEFAULT '';

-- Where emojis of others and the pictures of cards are shown here.
ALTER TABLE emojis ADD COLUMN remote_key TEXT NOT NULL DEFAULT '';
ALTER TABLE cards ADD COLUMN image_key TEXT NOT NULL DEFAULT '';
