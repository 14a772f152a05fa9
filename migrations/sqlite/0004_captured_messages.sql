-- 采集的支付原始报文: messages between the ERP and payment companies, captured in the ERP's process.
--
-- They are joined by the platform's trade number. When a payment is delivered with its trade number instead of its raw exchange,
-- payment.request and payment.response are copied from here, and all of them become the payment's and go with it.

CREATE TABLE captured_message (
  id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  message_id     TEXT    NOT NULL UNIQUE,         -- given where it was captured: stored once, however often it arrives
  merchant       TEXT    NOT NULL,
  trade_no       TEXT    NOT NULL,                -- 商户订单号, out_trade_no
  kind           TEXT    NOT NULL,                -- request, response, notify, notify_answer
  content        BLOB    NOT NULL,                -- as sent or received
  content_sha256 BLOB    NOT NULL,
  size           INTEGER NOT NULL,                -- bytes of content
  charset        TEXT    NOT NULL,
  origin         TEXT    NOT NULL,                -- where it was captured, without query
  captured_at    INTEGER NOT NULL,
  stored_at      INTEGER NOT NULL,
  payment_id     INTEGER REFERENCES payment (id)  -- empty until the payment is delivered
);
CREATE INDEX captured_message_by_trade ON captured_message (merchant, trade_no);
CREATE INDEX captured_message_by_payment ON captured_message (payment_id);
CREATE INDEX captured_message_by_term ON captured_message (captured_at, id) WHERE payment_id IS NULL;

-- Captured messages erased that no payment had.
ALTER TABLE retention_run ADD COLUMN captures INTEGER NOT NULL DEFAULT 0;
