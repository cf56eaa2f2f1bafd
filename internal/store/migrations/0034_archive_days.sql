-- How long an archive can be fetched is a setting, so each keeps its own end.
ALTER TABLE archives ADD COLUMN expires_at BIGINT;
UPDATE archives SET expires_at = finished_at + 604800000 WHERE finished_at IS NOT NULL;
