-- Who of the replicas counted something of a unit first.
CREATE TABLE unit_claim (
  evidence_id BIGINT NOT NULL,
  unit_hash BIGINT NOT NULL,
  mark INTEGER NOT NULL,
  claimant BIGINT NOT NULL,
  PRIMARY KEY (evidence_id, unit_hash, mark)
);
