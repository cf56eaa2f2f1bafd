-- Collections that posts link to.
CREATE TABLE status_collections (
  status_id     BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  collection_id BIGINT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
  PRIMARY KEY (status_id, collection_id)
);
CREATE INDEX status_collections_collection ON status_collections (collection_id);

-- Collections of its target that a report names: JSON array of ids.
ALTER TABLE reports ADD COLUMN collection_ids TEXT NOT NULL DEFAULT '[]';
