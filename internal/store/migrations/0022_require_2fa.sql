-- Roles whose people must have a second factor.
ALTER TABLE roles ADD COLUMN require_2fa BOOLEAN NOT NULL DEFAULT FALSE;
