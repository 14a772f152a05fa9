-- 上报: what uploads need to survive whatever happens.

-- Whether customs have what was sent: answered; no: it never arrived; perhaps: nobody knows. Attempts from before this migration with a customs_code were answered.
ALTER TABLE upload_attempt ADD COLUMN arrival TEXT NOT NULL DEFAULT 'perhaps';

-- 停止上报: merchants whose uploads customs refuse alike (20004: certNo and ebpCode are not registered): nothing is sent until a person reopens it.
CREATE TABLE upload_stop (
  merchant    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  stopped_at  BIGINT           NOT NULL,
  code        TEXT COLLATE "C" NOT NULL,
  reason      TEXT COLLATE "C" NOT NULL,
  reopened_at BIGINT           NULL,                    -- empty: stopped
  reopened_by TEXT COLLATE "C" NULL                    -- the person
);
