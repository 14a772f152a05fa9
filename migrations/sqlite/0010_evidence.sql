-- 存证: every record of the archive has a number without a gap, a salted hash (leaf) and a place in a hash chain; docs/evidence.md has what is hashed, byte for byte.
--
-- The content stays in the tables where it stands; evidence names it. Times are Unix milliseconds, UTC.

CREATE TABLE evidence (
  number    INTEGER NOT NULL PRIMARY KEY,  -- 1, 2, 3 … without a gap: two who seal at once cannot both have it
  kind      TEXT    NOT NULL,              -- payment, payment_version, customs_request, request_event, envelope, upload_attempt, bridge_exchange, captured_message, erasure
  record_id INTEGER NOT NULL,              -- the record's id in its table; envelope: the request's
  record_no INTEGER NOT NULL,              -- envelope: 1, 2, 3 … of its request, whether it counts or was replaced; 0 for everything else
  sealed_at INTEGER NOT NULL,
  salt      BLOB,                          -- 16 random bytes; empty once the record is erased, so that the leaf tells nothing about it any more
  leaf      BLOB    NOT NULL,              -- SHA-256 of salt and record
  chain     BLOB    NOT NULL,              -- SHA-256 of the chain before it and everything here that never changes
  erased_by INTEGER,                       -- number of the erasure that the record went with
  UNIQUE (kind, record_id, record_no)
);
CREATE INDEX evidence_erased ON evidence (erased_by) WHERE erased_by IS NOT NULL;

-- 删除记录: one batch of an erasure, sealed like any record: what is missing since then is missing lawfully.
CREATE TABLE erasure (
  id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  erased_at INTEGER NOT NULL,
  cutoff    INTEGER NOT NULL,                            -- what was older was past its term
  numbers   TEXT    NOT NULL                             -- of the records that went, as 17-23,40
);

-- 检查点: how far the chain was at a time, signed with the archive's own key; the same stands outside the database.
CREATE TABLE archive_checkpoint (
  number     INTEGER NOT NULL PRIMARY KEY,  -- the last one sealed then
  made_at    INTEGER NOT NULL,
  statement  TEXT    NOT NULL,              -- what is signed, lines of text
  signature  BLOB    NOT NULL,              -- ECDSA P-256 with SHA-256, DER
  public_key BLOB    NOT NULL               -- SubjectPublicKeyInfo, DER
);

-- What customs were answered (platDataOpen); empty for tests and for what came before this migration.
ALTER TABLE customs_request ADD COLUMN answer TEXT;
