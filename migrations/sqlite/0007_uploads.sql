-- 上报: what uploads need to survive whatever happens.

-- Whether customs have what was sent: answered; no: it never arrived; perhaps: nobody knows. Attempts from before this migration with a customs_code were answered.
ALTER TABLE upload_attempt ADD COLUMN arrival TEXT NOT NULL DEFAULT 'perhaps';

-- 停止上报: merchants whose uploads customs refuse alike (20004: certNo and ebpCode are not registered): nothing is sent until a person reopens it.
CREATE TABLE upload_stop (
  merchant    TEXT    NOT NULL PRIMARY KEY,
  stopped_at  INTEGER NOT NULL,
  code        TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  reopened_at INTEGER,                    -- empty: stopped
  reopened_by TEXT                    -- the person
);

-- 时限: when people were told that half of the time was gone; empty: not told.
ALTER TABLE customs_request ADD COLUMN alarmed_at INTEGER;
CREATE INDEX customs_request_to_alarm ON customs_request (deadline) WHERE finished_at IS NULL AND alarmed_at IS NULL;

-- Who is due, the earliest deadline first; and how long customs waited for their answers.
CREATE INDEX customs_request_by_deadline ON customs_request (deadline, id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX customs_request_elapsed ON customs_request (state, purpose, received_at, finished_at) WHERE finished_at IS NOT NULL;

-- Messages that a person has had replaced: never sent, never arrived or refused by customs. Evidence, moved here from envelope, which keeps the one that counts;
-- a table of its own, so that no large table is written anew.
CREATE TABLE replaced_envelope (
  id               INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  request_id       INTEGER NOT NULL REFERENCES customs_request (id),
  number           INTEGER NOT NULL,  -- 1, 2, 3 … of its request
  payment_id       INTEGER NOT NULL REFERENCES payment (id),
  payment_version  INTEGER NOT NULL,
  payload          BLOB    NOT NULL,
  payload_sha256   BLOB    NOT NULL,
  sign_text        BLOB    NOT NULL,
  sign_text_sha256 BLOB    NOT NULL,
  service_time     INTEGER NOT NULL,
  cert_no          TEXT    NOT NULL,
  sign_value       TEXT    NOT NULL,
  certificate      BLOB    NOT NULL,
  scheme           TEXT    NOT NULL,
  renderer         TEXT    NOT NULL,
  created_at       INTEGER NOT NULL,
  replaced_at      INTEGER NOT NULL,
  UNIQUE (request_id, number)
);
CREATE INDEX replaced_envelope_by_payment ON replaced_envelope (payment_id);
