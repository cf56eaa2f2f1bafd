-- Names that nobody gets by signing up.
CREATE TABLE username_blocks (
  id                  BIGINT PRIMARY KEY,
  username            TEXT NOT NULL,
  folded              TEXT NOT NULL,            -- look-alikes are the same
  exact               BOOLEAN NOT NULL,         -- else whatever contains it
  allow_with_approval BOOLEAN NOT NULL,
  created_at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX username_blocks_folded ON username_blocks (folded, exact);
