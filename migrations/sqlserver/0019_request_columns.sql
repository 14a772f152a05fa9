-- What the list of requests is filtered and sorted by, and 忽略: a person's word that a failed request is not going to be mended.
ALTER TABLE customs_request ADD pay_code NVARCHAR(32) COLLATE Latin1_General_100_BIN2;       -- 支付企业 of the payment that was last signed; empty before that, and for what was signed before this column was there
ALTER TABLE customs_request ADD elapsed BIGINT;        -- finished_at - received_at; empty while it goes on
ALTER TABLE customs_request ADD ignored_at BIGINT;     -- empty: it is not ignored; its state stays what it is
ALTER TABLE customs_request ADD ignored_by NVARCHAR(256) COLLATE Latin1_General_100_BIN2;     -- the user's name in the ERP
ALTER TABLE customs_request ADD ignored_reason NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2; -- in the user's words
