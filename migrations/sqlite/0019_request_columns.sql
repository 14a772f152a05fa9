-- What the list of requests is filtered and sorted by, and 忽略: a person's word that a failed request is not going to be mended.
ALTER TABLE customs_request ADD COLUMN pay_code TEXT;       -- 支付企业 of the payment that was last signed; empty before that, and for what was signed before this column was there
ALTER TABLE customs_request ADD COLUMN elapsed INTEGER;        -- finished_at - received_at; empty while it goes on
ALTER TABLE customs_request ADD COLUMN ignored_at INTEGER;     -- empty: it is not ignored; its state stays what it is
ALTER TABLE customs_request ADD COLUMN ignored_by TEXT;     -- the user's name in the ERP
ALTER TABLE customs_request ADD COLUMN ignored_reason TEXT; -- in the user's words
