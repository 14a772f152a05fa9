-- 上报: what uploads need to survive whatever happens.

-- Whether customs have what was sent: answered; no: it never arrived; perhaps: nobody knows. Attempts from before this migration with a customs_code were answered.
ALTER TABLE upload_attempt ADD arrival NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT upload_attempt_arrival DEFAULT 'perhaps';

-- 停止上报: merchants whose uploads customs refuse alike (20004: certNo and ebpCode are not registered): nothing is sent until a person reopens it.
CREATE TABLE upload_stop (
  merchant    NVARCHAR(64) COLLATE Latin1_General_100_BIN2  NOT NULL PRIMARY KEY,
  stopped_at  BIGINT                                        NOT NULL,
  code        NVARCHAR(32) COLLATE Latin1_General_100_BIN2  NOT NULL,
  reason      NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  reopened_at BIGINT                                        NULL,                    -- empty: stopped
  reopened_by NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NULL                    -- the person
);

-- 时限: when people were told that half of the time was gone; empty: not told.
ALTER TABLE customs_request ADD alarmed_at BIGINT NULL;
CREATE INDEX customs_request_to_alarm ON customs_request (deadline) WHERE finished_at IS NULL AND alarmed_at IS NULL;

-- Who is due, the earliest deadline first; and how long customs waited for their answers.
CREATE INDEX customs_request_by_deadline ON customs_request (deadline, id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX customs_request_elapsed ON customs_request (state, purpose, received_at, finished_at) WHERE finished_at IS NOT NULL;

-- Messages that a person has had replaced: never sent, never arrived or refused by customs. Evidence, moved here from envelope, which keeps the one that counts;
-- a table of its own, so that no large table is written anew.
CREATE TABLE replaced_envelope (
  id               BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
  request_id       BIGINT                                        NOT NULL REFERENCES customs_request (id),
  number           INT                                           NOT NULL,  -- 1, 2, 3 … of its request
  payment_id       BIGINT                                        NOT NULL REFERENCES payment (id),
  payment_version  INT                                           NOT NULL,
  payload          VARBINARY(MAX)                                NOT NULL,
  payload_sha256   VARBINARY(32)                                 NOT NULL,
  sign_text        VARBINARY(MAX)                                NOT NULL,
  sign_text_sha256 VARBINARY(32)                                 NOT NULL,
  service_time     BIGINT                                        NOT NULL,
  cert_no          NVARCHAR(64) COLLATE Latin1_General_100_BIN2  NOT NULL,
  sign_value       NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  certificate      VARBINARY(MAX)                                NOT NULL,
  scheme           NVARCHAR(32) COLLATE Latin1_General_100_BIN2  NOT NULL,
  renderer         NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  created_at       BIGINT                                        NOT NULL,
  replaced_at      BIGINT                                        NOT NULL,
  UNIQUE (request_id, number)
);
CREATE INDEX replaced_envelope_by_payment ON replaced_envelope (payment_id);
