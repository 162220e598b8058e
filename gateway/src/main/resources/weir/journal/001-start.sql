-- Read by SQLite and by PostgreSQL: standard types; instants are microseconds since 1970.
CREATE TABLE event (
  place BIGINT NOT NULL PRIMARY KEY,
  stream TEXT NOT NULL,
  revision BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  why TEXT NOT NULL,
  payload TEXT NOT NULL,
  UNIQUE (stream, revision)
);

CREATE TABLE evidence (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  state BYTEA NOT NULL
);

CREATE TABLE evidence_unit (
  evidence_id BIGINT NOT NULL,
  unit_hash BIGINT NOT NULL,
  mark INTEGER NOT NULL,
  PRIMARY KEY (evidence_id, unit_hash)
);

CREATE TABLE feedback (
  prediction TEXT NOT NULL,
  kind TEXT NOT NULL,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  generation BIGINT NOT NULL,
  probability DOUBLE PRECISION NOT NULL,
  predicted_at BIGINT NOT NULL,
  unit_hash BIGINT NOT NULL,
  score DOUBLE PRECISION,
  score_label TEXT NOT NULL,
  outcome DOUBLE PRECISION,
  outcome_label TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (prediction, kind)
);

CREATE INDEX feedback_by_model ON feedback (model, predicted_at, prediction, kind);

CREATE INDEX feedback_by_age ON feedback (predicted_at);
