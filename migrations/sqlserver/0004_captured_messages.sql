-- 采集的支付原始报文: messages between the ERP and payment companies, captured in the ERP's process.
--
-- They are joined by the platform's trade number. When a payment is delivered with its trade number instead of its raw exchange,
-- payment.request and payment.response are copied from here, and all of them become the payment's and go with it.

CREATE TABLE captured_message (
  id             BIGINT                                         IDENTITY(1,1) NOT NULL PRIMARY KEY,
  message_id     NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NOT NULL UNIQUE,                 -- given where it was captured: stored once, however often it arrives
  merchant       NVARCHAR(64) COLLATE Latin1_General_100_BIN2   NOT NULL,
  trade_no       NVARCHAR(128) COLLATE Latin1_General_100_BIN2  NOT NULL,                        -- 商户订单号, out_trade_no
  kind           NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NOT NULL,                        -- request, response, notify, notify_answer
  content        VARBINARY(MAX)                                 NOT NULL,                        -- as sent or received
  content_sha256 VARBINARY(32)                                  NOT NULL,
  size           INT                                            NOT NULL,                        -- bytes of content
  charset        NVARCHAR(200) COLLATE Latin1_General_100_BIN2  NOT NULL,
  origin         NVARCHAR(200) COLLATE Latin1_General_100_BIN2  NOT NULL,                        -- where it was captured, without query
  captured_at    BIGINT                                         NOT NULL,
  stored_at      BIGINT                                         NOT NULL,
  payment_id     BIGINT                                         NULL REFERENCES payment (id)     -- empty until the payment is delivered
);
CREATE INDEX captured_message_by_trade ON captured_message (merchant, trade_no);
CREATE INDEX captured_message_by_payment ON captured_message (payment_id);
CREATE INDEX captured_message_by_term ON captured_message (captured_at, id) WHERE payment_id IS NULL;

-- Captured messages erased that no payment had.
ALTER TABLE retention_run ADD captures BIGINT NOT NULL DEFAULT 0;
