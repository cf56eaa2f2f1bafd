-- Roles, decisions about people, and what the staff keeps in mind.

CREATE TABLE roles (
  id          BIGINT PRIMARY KEY,
  key         TEXT NOT NULL,                  -- as in users.role
  name        TEXT NOT NULL,
  color       TEXT NOT NULL DEFAULT '',
  position    BIGINT NOT NULL,                -- who stands higher may act on who stands lower
  permissions BIGINT NOT NULL,
  highlighted BOOLEAN NOT NULL,
  created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_key ON roles (key);
INSERT INTO roles (id, key, name, position, permissions, highlighted, created_at) VALUES
  (-99, 'user', '', -1, 65536, FALSE, 0),
  (1, 'moderator', 'Moderator', 10, 1308, TRUE, 0),
  (2, 'admin', 'Admin', 100, 4194302, TRUE, 0),
  (3, 'owner', 'Owner', 1000, 1, TRUE, 0);
CREATE INDEX users_role ON users (role) WHERE role <> 'user';

ALTER TABLE accounts ADD COLUMN sensitized_at BIGINT;
CREATE INDEX accounts_suspended ON accounts (id) WHERE suspended_at IS NOT NULL;
CREATE INDEX accounts_silenced ON accounts (id) WHERE silenced_at IS NOT NULL;
CREATE INDEX accounts_domain ON accounts (domain, id) WHERE domain <> '';

-- What was decided about somebody, whom it was decided by, and the answer.
CREATE TABLE strikes (
  id           BIGINT PRIMARY KEY,
  account_id   BIGINT NOT NULL,               -- of the staff; 0: the command line
  target_id    BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  action       TEXT NOT NULL,
  text         TEXT NOT NULL,
  report_id    BIGINT NOT NULL DEFAULT 0,
  status_ids   TEXT NOT NULL DEFAULT '[]',
  created_at   BIGINT NOT NULL,
  overruled_at BIGINT
);
CREATE INDEX strikes_target ON strikes (target_id, id);

CREATE TABLE appeals (
  id          BIGINT PRIMARY KEY,
  strike_id   BIGINT NOT NULL REFERENCES strikes (id) ON DELETE CASCADE,
  text        TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  approved_at BIGINT,
  rejected_at BIGINT,
  decided_by  BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX appeals_strike ON appeals (strike_id);
CREATE INDEX appeals_waiting ON appeals (id) WHERE approved_at IS NULL AND rejected_at IS NULL;

-- Nothing here is ever changed or removed; it outlives whom it speaks of.
CREATE TABLE audit_log (
  id          BIGINT PRIMARY KEY,
  account_id  BIGINT NOT NULL,                -- of the staff; 0: the command line
  account     TEXT NOT NULL,                  -- its name then
  verb        TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target_id   BIGINT NOT NULL,
  target      TEXT NOT NULL,                  -- its name then
  detail      TEXT NOT NULL DEFAULT '',
  created_at  BIGINT NOT NULL
);
CREATE INDEX audit_log_account ON audit_log (account_id, id);
CREATE INDEX audit_log_target ON audit_log (target_kind, target_id, id);

-- sqlite:
CREATE TRIGGER audit_log_kept BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
CREATE TRIGGER audit_log_whole BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
-- postgres:
CREATE FUNCTION audit_log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is not changed';
END $$;
CREATE TRIGGER audit_log_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_log_keep();
-- both:

CREATE TABLE staff_notes (
  id         BIGINT PRIMARY KEY,
  report_id  BIGINT NOT NULL DEFAULT 0,       -- one of the two
  target_id  BIGINT NOT NULL DEFAULT 0,
  account_id BIGINT NOT NULL,
  content    TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX staff_notes_report ON staff_notes (report_id, id) WHERE report_id <> 0;
CREATE INDEX staff_notes_target ON staff_notes (target_id, id) WHERE target_id <> 0;

ALTER TABLE reports ADD COLUMN assigned_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reports ADD COLUMN resolved_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reports ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
UPDATE reports SET updated_at = created_at;
CREATE INDEX reports_open ON reports (id) WHERE resolved_at IS NULL;
CREATE INDEX reports_account ON reports (account_id, id);

ALTER TABLE notifications ADD COLUMN strike_id BIGINT NOT NULL DEFAULT 0;
DROP INDEX notifications_once;
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, from_id, type, status_id, report_id, severance_id, collection_id, strike_id)
  WHERE type NOT IN ('update', 'quoted_update', 'collection_update');

ALTER TABLE severed_follows ADD COLUMN restored_at BIGINT;

-- Who may sign up, and what is said about domains.

ALTER TABLE domain_policies ADD COLUMN private_comment TEXT NOT NULL DEFAULT '';
ALTER TABLE domain_policies ADD COLUMN obfuscate BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE email_domain_blocks (
  id                  BIGINT PRIMARY KEY,
  domain              TEXT NOT NULL,
  allow_with_approval BOOLEAN NOT NULL,
  created_at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX email_domain_blocks_domain ON email_domain_blocks (domain);

CREATE TABLE canonical_email_blocks (
  id   BIGINT PRIMARY KEY,
  hash TEXT NOT NULL                          -- hex SHA-256 of the canonical address
);
CREATE UNIQUE INDEX canonical_email_blocks_hash ON canonical_email_blocks (hash);

CREATE TABLE ip_blocks (
  id         BIGINT PRIMARY KEY,
  network    TEXT NOT NULL,                   -- with its length, as netip writes it
  severity   TEXT NOT NULL,
  comment    TEXT NOT NULL,
  expires_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX ip_blocks_network ON ip_blocks (network);

ALTER TABLE tags ADD COLUMN usable BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE tags ADD COLUMN listable BOOLEAN NOT NULL DEFAULT TRUE;
