-- 上报: what uploads need to survive whatever happens.

-- Whether customs have what was sent: answered; no: it never arrived; perhaps: nobody knows. Attempts from before this migration with a customs_code were answered.
ALTER TABLE upload_attempt ADD COLUMN arrival TEXT NOT NULL DEFAULT 'perhaps';
