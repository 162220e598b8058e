-- Who may write for all, until when by the database's clock; the term grows and is never used twice.
CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  term BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
);
