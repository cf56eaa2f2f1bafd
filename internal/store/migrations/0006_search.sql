-- Full-text search: the words of statuses, kept up by the database itself.

-- sqlite:
-- Every word is a token as it is: the tokenizer parts at ASCII characters only
-- that no word has. The words themselves stay in statuses.
CREATE VIRTUAL TABLE status_words USING fts5 (words, content = 'statuses', content_rowid = 'id', columnsize = 0, tokenize = 'ascii');
INSERT INTO status_words (rowid, words) SELECT id, words FROM statuses WHERE words <> '';
CREATE TRIGGER status_words_insert AFTER INSERT ON statuses WHEN new.words <> '' BEGIN
  INSERT INTO status_words (rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER status_words_delete AFTER DELETE ON statuses WHEN old.words <> '' BEGIN
  INSERT INTO status_words (status_words, rowid, words) VALUES ('delete', old.id, old.words);
END;
CREATE TRIGGER status_words_update AFTER UPDATE OF words ON statuses WHEN old.words <> new.words BEGIN
  INSERT INTO status_words (status_words, rowid, words) SELECT 'delete', old.id, old.words WHERE old.words <> '';
  INSERT INTO status_words (rowid, words) SELECT new.id, new.words WHERE new.words <> '';
END;

-- postgres:
CREATE TABLE status_words (
  status_id BIGINT PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
  words     TSVECTOR NOT NULL
);
-- Every word is a lexeme as it is, at its place; no configuration parses it anew.
CREATE FUNCTION words_vector(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
  SELECT CAST(coalesce(string_agg('''' || w.word || ''':' || w.place, ' '), '') AS tsvector)
  FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS w (word, place)
$$;
INSERT INTO status_words (status_id, words) SELECT id, words_vector(words) FROM statuses WHERE words <> '';
CREATE INDEX status_words_words ON status_words USING gin (words);
CREATE FUNCTION status_words_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.words = '' THEN
    DELETE FROM status_words WHERE status_id = new.id;
  ELSE
    INSERT INTO status_words (status_id, words) VALUES (new.id, words_vector(new.words))
    ON CONFLICT (status_id) DO UPDATE SET words = excluded.words;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER status_words_insert AFTER INSERT ON statuses FOR EACH ROW WHEN (new.words <> '') EXECUTE FUNCTION status_words_keep();
CREATE TRIGGER status_words_update AFTER UPDATE OF words ON statuses FOR EACH ROW WHEN (old.words <> new.words) EXECUTE FUNCTION status_words_keep();

-- both:
-- The library of somebody, newest first; who agreed to be found.
CREATE INDEX statuses_boosts ON statuses (account_id, reblog_of_id) WHERE reblog_of_id IS NOT NULL;
CREATE INDEX poll_votes_account ON poll_votes (account_id, poll_id);
CREATE INDEX accounts_indexable ON accounts (id) WHERE indexable;
