-- The first tables of Erp.Customs for SQL Server 2016 or later. They go into the default schema of the user.
--
-- Times are Unix milliseconds, UTC. Words (state, failure, purpose) are snake_case.
-- Every column that holds bytes as they were received or sent has a column <name>_sha256 beside it:
-- the SHA-256 (32 bytes) computed when the bytes arrived, so that a later change of either shows.
-- Ids are never used again (identity), because jobs and logs name rows by them.
-- Texts compare code point by code point (BIN2), as in the other engines. schema_journal is made by the migrations runner.

-- 支付原始数据: one payment with its raw exchange, which never changes.
CREATE TABLE payment (
  id                 BIGINT                                         IDENTITY(1,1) NOT NULL PRIMARY KEY,
  merchant           NVARCHAR(64) COLLATE Latin1_General_100_BIN2   NOT NULL,               -- the merchant's name in the settings
  pay_transaction_id NVARCHAR(128) COLLATE Latin1_General_100_BIN2  NOT NULL,               -- 交易流水号
  request            VARBINARY(MAX)                                 NOT NULL,               -- 原始请求, as sent to the payment company
  request_charset    NVARCHAR(200) COLLATE Latin1_General_100_BIN2  NOT NULL,
  request_sha256     VARBINARY(32)                                  NOT NULL,
  response           VARBINARY(MAX)                                 NOT NULL,               -- 原始响应, as received
  response_charset   NVARCHAR(200) COLLATE Latin1_General_100_BIN2  NOT NULL,
  response_sha256    VARBINARY(32)                                  NOT NULL,
  received_at        BIGINT                                         NOT NULL,
  version            INT                                            NOT NULL,               -- the version that counts
  last_trading_at    BIGINT                                         NOT NULL,               -- the greatest trading time of all versions: the term runs from here
  UNIQUE (merchant, pay_transaction_id)
);
CREATE INDEX payment_by_term ON payment (last_trading_at, id);

-- Everything of a payment but the raw exchange: version 1 is the delivery, each correction adds one. Rows are never changed.
CREATE TABLE payment_version (
  id           BIGINT                                         IDENTITY(1,1) NOT NULL PRIMARY KEY,
  payment_id   BIGINT                                         NOT NULL REFERENCES payment (id),
  version      INT                                            NOT NULL,
  facts        VARBINARY(MAX)                                 NOT NULL,                     -- JSON, UTF-8; amounts and times are strings
  facts_sha256 VARBINARY(32)                                  NOT NULL,
  trading_at   BIGINT                                         NOT NULL,                     -- 交易时间 in facts
  created_at   BIGINT                                         NOT NULL,
  created_by   NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2  NOT NULL,                     -- who corrected; empty for the delivery
  UNIQUE (payment_id, version)
);

-- The orders that each version of a payment paid; those that count have payment.version.
CREATE TABLE payment_order (
  payment_id BIGINT                                         NOT NULL REFERENCES payment (id),
  version    INT                                            NOT NULL,
  order_no   NVARCHAR(128) COLLATE Latin1_General_100_BIN2  NOT NULL,
  PRIMARY KEY (payment_id, version, order_no)
);
CREATE INDEX payment_order_by_number ON payment_order (order_no, payment_id, version);

-- 海关请求: what customs asked for (platDataOpen), and how it stands.
CREATE TABLE customs_request (
  id              BIGINT                                         IDENTITY(1,1) NOT NULL PRIMARY KEY,
  session_id      NVARCHAR(128) COLLATE Latin1_General_100_BIN2  NOT NULL UNIQUE,
  order_no        NVARCHAR(128) COLLATE Latin1_General_100_BIN2  NOT NULL,
  merchant        NVARCHAR(64) COLLATE Latin1_General_100_BIN2   NULL,                      -- unknown until customs' address or the payment tells it
  purpose         NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NOT NULL,                  -- customs, or test (联调)
  service_time    NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2  NOT NULL,                  -- as in openReq
  openreq         VARBINARY(MAX)                                 NOT NULL,                  -- openReq as received
  openreq_sha256  VARBINARY(32)                                  NOT NULL,
  received_at     BIGINT                                         NOT NULL,
  deadline        BIGINT                                         NOT NULL,
  state           NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NOT NULL,
  failure         NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NOT NULL,                  -- class of the last failure; none
  reason          NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2  NOT NULL,                  -- in words without personal data
  attempts        INT                                            NOT NULL,
  next_attempt_at BIGINT                                         NULL,                      -- empty: nothing happens by itself
  lease_until     BIGINT                                         NULL,                      -- a worker holds it until then
  lease_boot      BIGINT                                         NOT NULL,                  -- the start of the module that gave the lease
  fence           BIGINT                                         NOT NULL,                  -- grows with every lease; whoever holds an older number can save nothing
  woken_fence     BIGINT                                         NOT NULL,                  -- the fence at which data came in while a worker held the request
  signed_at       BIGINT                                         NULL,                      -- when its envelope was saved
  first_sent_at   BIGINT                                         NULL,
  finished_at     BIGINT                                         NULL,
  customs_code    NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NULL,                      -- of customs' last reply
  customs_message NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2  NULL
);
CREATE INDEX customs_request_by_order ON customs_request (order_no);
CREATE INDEX customs_request_by_state ON customs_request (state);
CREATE INDEX customs_request_due ON customs_request (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX customs_request_by_term ON customs_request (received_at);

-- Every change of a request's state.
CREATE TABLE request_event (
  id          BIGINT                                         IDENTITY(1,1) NOT NULL PRIMARY KEY,
  request_id  BIGINT                                         NOT NULL REFERENCES customs_request (id),
  occurred_at BIGINT                                         NOT NULL,
  state       NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NOT NULL,
  failure     NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NOT NULL,
  reason      NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2  NOT NULL,
  attempt     INT                                            NOT NULL                       -- how often it had been sent
);
CREATE INDEX request_event_by_request ON request_event (request_id);

-- 加签报文: the signed message, saved once before the first send; these bytes are sent every time.
CREATE TABLE envelope (
  request_id       BIGINT                                         NOT NULL PRIMARY KEY REFERENCES customs_request (id),
  payment_id       BIGINT                                         NOT NULL REFERENCES payment (id),
  payment_version  INT                                            NOT NULL,
  payload          VARBINARY(MAX)                                 NOT NULL,                 -- payExInfoStr before form encoding
  payload_sha256   VARBINARY(32)                                  NOT NULL,
  sign_text        VARBINARY(MAX)                                 NOT NULL,                 -- 加签原文
  sign_text_sha256 VARBINARY(32)                                  NOT NULL,
  service_time     BIGINT                                         NOT NULL,                 -- in both of them
  cert_no          NVARCHAR(64) COLLATE Latin1_General_100_BIN2   NOT NULL,
  sign_value       NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2  NOT NULL,
  certificate      VARBINARY(MAX)                                 NOT NULL,                 -- DER
  scheme           NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NOT NULL,
  renderer         NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2  NOT NULL,
  created_at       BIGINT                                         NOT NULL
);
CREATE INDEX envelope_by_payment ON envelope (payment_id);

-- One sending of an envelope and what came back (回执).
CREATE TABLE upload_attempt (
  id              BIGINT                                         IDENTITY(1,1) NOT NULL PRIMARY KEY,
  request_id      BIGINT                                         NOT NULL REFERENCES customs_request (id),
  number          INT                                            NOT NULL,
  started_at      BIGINT                                         NOT NULL,
  ended_at        BIGINT                                         NULL,                      -- empty: on its way, or the process died
  http_status     INT                                            NULL,
  reply           VARBINARY(MAX)                                 NOT NULL,                  -- as received; empty when there was none
  reply_sha256    VARBINARY(32)                                  NOT NULL,
  customs_code    NVARCHAR(32) COLLATE Latin1_General_100_BIN2   NULL,
  customs_message NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2  NULL,
  error           NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2  NOT NULL,                  -- what went wrong underneath
  UNIQUE (request_id, number)
);

-- Every run of retention.
CREATE TABLE retention_run (
  id          BIGINT                                         IDENTITY(1,1) NOT NULL PRIMARY KEY,
  started_at  BIGINT                                         NOT NULL,
  ended_at    BIGINT                                         NULL,                          -- empty: it was interrupted
  dry_run     INT                                            NOT NULL,                      -- 1: counted, erased nothing
  cutoff      BIGINT                                         NOT NULL,                      -- payments traded before it were past their term
  payments    BIGINT                                         NOT NULL,                      -- erased, or counted in a dry run
  requests    BIGINT                                         NOT NULL,
  held        BIGINT                                         NOT NULL,                      -- payments past their term that a request of customs still needs
  oldest_kept BIGINT                                         NULL                           -- trading time of the oldest payment left
);
