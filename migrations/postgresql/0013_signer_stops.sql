-- 签名设备停用: devices that met a wrong PIN: none is tried there until a person reopens it. A merchant whose devices are all closed is in upload_stop too.
CREATE TABLE signer_stop (
  merchant    TEXT COLLATE "C" NOT NULL,
  signer      TEXT COLLATE "C" NOT NULL,              -- its kind and where it is plugged in
  stopped_at  BIGINT           NOT NULL,
  reason      TEXT COLLATE "C" NOT NULL,
  reopened_at BIGINT           NULL,                  -- empty: closed
  reopened_by TEXT COLLATE "C" NULL,                  -- the person
  PRIMARY KEY (merchant, signer)
);

-- Who was stopped by a wrong PIN before this migration: whichever device it was, none of the merchant is tried (no name: all of them).
INSERT INTO signer_stop (merchant, signer, stopped_at, reason)
SELECT merchant, '', stopped_at, reason FROM upload_stop WHERE code = 'PIN' AND reopened_at IS NULL;
