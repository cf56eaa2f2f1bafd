-- Rules have an order, and translations: by language, JSON of text and hint.
ALTER TABLE rules ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN translations TEXT NOT NULL DEFAULT '{}';
