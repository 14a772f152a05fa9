-- 上报: what uploads need to survive whatever happens.

-- Whether customs have what was sent: answered; no: it never arrived; perhaps: nobody knows. Attempts from before this migration with a customs_code were answered.
ALTER TABLE upload_attempt ADD arrival NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT upload_attempt_arrival DEFAULT 'perhaps';
