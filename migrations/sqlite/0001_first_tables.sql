-- The first tables of Erp.Customs for SQLite 3.35 or later.
--
-- Times are Unix milliseconds, UTC. Words (state, failure, purpose) are snake_case.
-- Every column that holds bytes as they were received or sent has a column <name>_sha256 beside it:
-- the SHA-256 (32 bytes) computed when the bytes arrived, so that a later change of either shows.
-- Ids are never used again (AUTOINCREMENT), because jobs and logs name rows by them.
-- PRAGMA user_version counts the starts of the module; schema_journal is made by the migrations runner.

-- 支付原始数据: one payment with its raw exchange, which never changes.
CREATE TABLE payment (
  id                 INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  merchant           TEXT    NOT NULL,            -- the merchant's name in the settings
  pay_transaction_id TEXT    NOT NULL,            -- 交易流水号
  request            BLOB    NOT NULL,            -- 原始请求, as sent to the payment company
  request_charset    TEXT    NOT NULL,
  request_sha256     BLOB    NOT NULL,
  response           BLOB    NOT NULL,            -- 原始响应, as received
  response_charset   TEXT    NOT NULL,
  response_sha256    BLOB    NOT NULL,
  received_at        INTEGER NOT NULL,
  version            INTEGER NOT NULL,            -- the version that counts
  last_trading_at    INTEGER NOT NULL,            -- the greatest trading time of all versions: the term runs from here
  UNIQUE (merchant, pay_transaction_id)
);
CREATE INDEX payment_by_term ON payment (last_trading_at, id);

-- Everything of a payment but the raw exchange: version 1 is the delivery, each correction adds one. Rows are never changed.
CREATE TABLE payment_version (
  id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  payment_id   INTEGER NOT NULL REFERENCES payment (id),
  version      INTEGER NOT NULL,
  facts        BLOB    NOT NULL,                  -- JSON, UTF-8; amounts and times are strings
  facts_sha256 BLOB    NOT NULL,
  trading_at   INTEGER NOT NULL,                  -- 交易时间 in facts
  created_at   INTEGER NOT NULL,
  created_by   TEXT    NOT NULL,                  -- who corrected; empty for the delivery
  UNIQUE (payment_id, version)
);

-- The orders that each version of a payment paid; those that count have payment.version.
CREATE TABLE payment_order (
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  version    INTEGER NOT NULL,
  order_no   TEXT    NOT NULL,
  PRIMARY KEY (payment_id, version, order_no)
);
CREATE INDEX payment_order_by_number ON payment_order (order_no, payment_id, version);

-- 海关请求: what customs asked for (platDataOpen), and how it stands.
CREATE TABLE customs_request (
  id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  session_id      TEXT    NOT NULL UNIQUE,
  order_no        TEXT    NOT NULL,
  merchant        TEXT,                           -- unknown until customs' address or the payment tells it
  purpose         TEXT    NOT NULL,               -- customs, or test (联调)
  service_time    TEXT    NOT NULL,               -- as in openReq
  openreq         BLOB    NOT NULL,               -- openReq as received
  openreq_sha256  BLOB    NOT NULL,
  received_at     INTEGER NOT NULL,
  deadline        INTEGER NOT NULL,
  state           TEXT    NOT NULL,
  failure         TEXT    NOT NULL,               -- class of the last failure; none
  reason          TEXT    NOT NULL,               -- in words without personal data
  attempts        INTEGER NOT NULL,
  next_attempt_at INTEGER,                        -- empty: nothing happens by itself
  lease_until     INTEGER,                        -- a worker holds it until then
  lease_boot      INTEGER NOT NULL,               -- the start of the module that gave the lease
  fence           INTEGER NOT NULL,               -- grows with every lease; whoever holds an older number can save nothing
  woken_fence     INTEGER NOT NULL,               -- the fence at which data came in while a worker held the request
  signed_at       INTEGER,                        -- when its envelope was saved
  first_sent_at   INTEGER,
  finished_at     INTEGER,
  customs_code    TEXT,                           -- of customs' last reply
  customs_message TEXT
);
CREATE INDEX customs_request_by_order ON customs_request (order_no);
CREATE INDEX customs_request_by_state ON customs_request (state);
CREATE INDEX customs_request_due ON customs_request (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX customs_request_by_term ON customs_request (received_at);

-- Every change of a request's state.
CREATE TABLE request_event (
  id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  request_id  INTEGER NOT NULL REFERENCES customs_request (id),
  occurred_at INTEGER NOT NULL,
  state       TEXT    NOT NULL,
  failure     TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  attempt     INTEGER NOT NULL                    -- how often it had been sent
);
CREATE INDEX request_event_by_request ON request_event (request_id);

-- 加签报文: the signed message, saved once before the first send; these bytes are sent every time.
CREATE TABLE envelope (
  request_id       INTEGER NOT NULL PRIMARY KEY REFERENCES customs_request (id),
  payment_id       INTEGER NOT NULL REFERENCES payment (id),
  payment_version  INTEGER NOT NULL,
  payload          BLOB    NOT NULL,              -- payExInfoStr before form encoding
  payload_sha256   BLOB    NOT NULL,
  sign_text        BLOB    NOT NULL,              -- 加签原文
  sign_text_sha256 BLOB    NOT NULL,
  service_time     INTEGER NOT NULL,              -- in both of them
  cert_no          TEXT    NOT NULL,
  sign_value       TEXT    NOT NULL,
  certificate      BLOB    NOT NULL,              -- DER
  scheme           TEXT    NOT NULL,
  renderer         TEXT    NOT NULL,
  created_at       INTEGER NOT NULL
);
CREATE INDEX envelope_by_payment ON envelope (payment_id);

-- One sending of an envelope and what came back (回执).
CREATE TABLE upload_attempt (
  id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  request_id      INTEGER NOT NULL REFERENCES customs_request (id),
  number          INTEGER NOT NULL,
  started_at      INTEGER NOT NULL,
  ended_at        INTEGER,                        -- empty: on its way, or the process died
  http_status     INTEGER,
  reply           BLOB    NOT NULL,               -- as received; empty when there was none
  reply_sha256    BLOB    NOT NULL,
  customs_code    TEXT,
  customs_message TEXT,
  error           TEXT    NOT NULL,               -- what went wrong underneath
  UNIQUE (request_id, number)
);

-- Every run of retention.
CREATE TABLE retention_run (
  id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,                            -- empty: it was interrupted
  dry_run     INTEGER NOT NULL,                   -- 1: counted, erased nothing
  cutoff      INTEGER NOT NULL,                   -- payments traded before it were past their term
  payments    INTEGER NOT NULL,                   -- erased, or counted in a dry run
  requests    INTEGER NOT NULL,
  held        INTEGER NOT NULL,                   -- payments past their term that a request of customs still needs
  oldest_kept INTEGER                             -- trading time of the oldest payment left
);
