-- Orders pushed to the payment-customs bridge (支付报关系统: PushOrder, GetOrder).
--
-- Times are Unix milliseconds, UTC. Every column of bytes has its SHA-256 beside it, as in 0001.

-- 推单: one order of one merchant at the bridge, and how it stands. This table is the truth; the worker only drives.
CREATE TABLE bridge_order (
  id                INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  merchant          TEXT    NOT NULL,             -- the merchant's name in the settings
  order_no          TEXT    NOT NULL,             -- never pushed under another number
  operation         TEXT    NOT NULL,             -- A add, U update: how the content is pushed
  content           BLOB    NOT NULL,             -- what the ERP handed in last: JSON, UTF-8; holds personal data
  content_sha256    BLOB    NOT NULL,
  pay_at            INTEGER NOT NULL,             -- 交易成功时间 in the content: the term runs from here
  state             TEXT    NOT NULL,             -- pending, pushed, confirming, done, data_error, needs_person, waiting_retry
  code              TEXT    NOT NULL,             -- the bridge's last code that decided anything; may be empty
  reason            TEXT    NOT NULL,             -- in words without personal data
  flags             TEXT    NOT NULL,             -- words between commas, one before the first and one after the last: LIKE '%,word,%' finds one
  attempts          INTEGER NOT NULL,             -- PushOrder calls
  polls             INTEGER NOT NULL,             -- GetOrder calls
  since             INTEGER NOT NULL,             -- from when on the present waiting is counted
  next_attempt_at   INTEGER,                      -- empty: nothing happens by itself
  lease_until       INTEGER,                      -- a worker holds it until then
  lease_boot        INTEGER NOT NULL,             -- the start of the module that gave the lease
  fence             INTEGER NOT NULL,             -- grows with every lease; whoever holds an older number can save nothing
  asked             INTEGER NOT NULL,             -- 1: a callback or a person wants GetOrder asked, whatever the state
  woken_fence       INTEGER NOT NULL,             -- the fence at which a callback came in while a worker held the order
  taken_code        TEXT,                         -- with which code the bridge took a push: 0000, 9905 or 9906
  taken_exchange_id INTEGER,                      -- the push that it took: 原始请求
  paid_exchange_id  INTEGER,                      -- the GetOrder that told of payment and declaration: 原始响应
  payment_no        TEXT,                         -- 支付单号
  payment_status    TEXT,                         -- 支付状态
  paid_at           INTEGER,                      -- PayTime
  archived          TEXT,                         -- bridge: its exchange is the evidence; erp: the ERP's own is
  created_at        INTEGER NOT NULL,
  changed_at        INTEGER NOT NULL,
  finished_at       INTEGER,
  UNIQUE (merchant, order_no)
);
CREATE INDEX bridge_order_by_number ON bridge_order (order_no);
CREATE INDEX bridge_order_by_state ON bridge_order (state);
CREATE INDEX bridge_order_due ON bridge_order (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX bridge_order_by_term ON bridge_order (pay_at);

-- Every call to the bridge and every callback from it, byte for byte. A row is opened before the first byte goes out.
CREATE TABLE bridge_exchange (
  id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  order_id       INTEGER NOT NULL REFERENCES bridge_order (id),
  kind           TEXT    NOT NULL,                -- push, get, callback
  started_at     INTEGER NOT NULL,
  ended_at       INTEGER,                         -- empty: on its way, or the process died
  arrival        TEXT    NOT NULL,                -- answered; no: it never left; perhaps: nobody knows
  http_status    INTEGER,
  request        BLOB    NOT NULL,                -- push, get: the JSON in the form field data; callback: the body as received
  request_sha256 BLOB    NOT NULL,
  reply          BLOB    NOT NULL,                -- as received; empty when there was none
  reply_sha256   BLOB    NOT NULL,
  code           TEXT,                            -- ReturnCode, where it could be read
  error          TEXT    NOT NULL                 -- what went wrong underneath
);
CREATE INDEX bridge_exchange_by_order ON bridge_exchange (order_id);

-- Merchants whose pushes the bridge has refused for arrears (9911) or a missing contract (9912): nothing is pushed until a person reopens it.
CREATE TABLE bridge_stop (
  merchant    TEXT    NOT NULL PRIMARY KEY,
  stopped_at  INTEGER NOT NULL,
  code        TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  reopened_at INTEGER,                            -- empty: stopped
  reopened_by TEXT                                -- the person
);
