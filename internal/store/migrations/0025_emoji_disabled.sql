-- The staff may take an emoji out of use, of here or of another server.
ALTER TABLE emojis ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE;
