-- What the house itself needs: settings, jobs and the engine's own memory.

CREATE TABLE settings (
	key TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);

-- Facts the engine keeps for itself, such as the highest id given.
CREATE TABLE engine_state (
	key TEXT NOT NULL PRIMARY KEY,
	value BIGINT NOT NULL
);

CREATE TABLE jobs (
	id BIGINT PRIMARY KEY,
	kind TEXT NOT NULL,
	payload TEXT NOT NULL,
	priority BIGINT NOT NULL,
	run_at BIGINT NOT NULL,
	unique_key TEXT,
	attempts BIGINT NOT NULL DEFAULT 0,
	max_attempts BIGINT NOT NULL DEFAULT 0,
	state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'aside')),
	owner TEXT NOT NULL DEFAULT '',
	token BIGINT NOT NULL DEFAULT 0,
	lease_until BIGINT,
	last_error TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL
);

CREATE INDEX jobs_ready ON jobs (kind, priority, run_at, id) WHERE state = 'ready';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_aside ON jobs (id) WHERE state = 'aside';
-- Only ready jobs are unique: what runs may already have read the past. The key
-- goes first, or SQLite takes this index to claim by kind and sorts them all.
CREATE UNIQUE INDEX jobs_unique ON jobs (unique_key, kind) WHERE state = 'ready';
