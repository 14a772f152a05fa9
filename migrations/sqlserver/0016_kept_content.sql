-- 内容加密: every column of content (with <name>_sha256 beside it) is compressed and encrypted from here on; docs/evidence.md has the form, byte for byte.
-- What was stored before stays as it is and is read as it is. Sums and seals are of the clear bytes, so they do not change.
--
-- What has much in common is kept together in one column, and the other columns are empty: request, response and first facts of a payment in payment.request,
-- payload and sign text of an envelope in envelope.payload.

-- The keys that content was ever encrypted with, by name; the keys themselves stand in the host's secret store or the module's data folder.
CREATE TABLE content_key (
  id            NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,  -- 8 hex digits
  first_used_at BIGINT NOT NULL               -- Unix milliseconds, UTC
);

-- 报关人证件号 as a keyed hash (HMAC-SHA256, hex), to find a person's orders by; empty for what came before this migration.
ALTER TABLE bridge_order ADD receiver_hash NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NULL;
CREATE INDEX bridge_order_by_receiver ON bridge_order (receiver_hash) WHERE receiver_hash IS NOT NULL;
