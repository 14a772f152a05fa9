-- 采集的支付原始报文: messages between the ERP and payment companies, captured in the ERP's process.
--
-- They are joined by the platform's trade number. When a payment is delivered with its trade number instead of its raw exchange,
-- payment.request and payment.response are copied from here, and all of them become the payment's and go with it.

CREATE TABLE captured_message (
  id             BIGINT           GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  message_id     TEXT COLLATE "C" NOT NULL UNIQUE,               -- given where it was captured: stored once, however often it arrives
  merchant       TEXT COLLATE "C" NOT NULL,
  trade_no       TEXT COLLATE "C" NOT NULL,                      -- 商户订单号, out_trade_no
  kind           TEXT COLLATE "C" NOT NULL,                      -- request, response, notify, notify_answer
  content        BYTEA            NOT NULL,                      -- as sent or received
  content_sha256 BYTEA            NOT NULL,
  size           INTEGER          NOT NULL,                      -- bytes of content
  charset        TEXT COLLATE "C" NOT NULL,
  origin         TEXT COLLATE "C" NOT NULL,                      -- where it was captured, without query
  captured_at    BIGINT           NOT NULL,
  stored_at      BIGINT           NOT NULL,
  payment_id     BIGINT           NULL REFERENCES payment (id)   -- empty until the payment is delivered
);
CREATE INDEX captured_message_by_trade ON captured_message (merchant, trade_no);
CREATE INDEX captured_message_by_payment ON captured_message (payment_id);
CREATE INDEX captured_message_by_term ON captured_message (captured_at, id) WHERE payment_id IS NULL;

-- Captured messages erased that no payment had.
ALTER TABLE retention_run ADD COLUMN captures BIGINT NOT NULL DEFAULT 0;
