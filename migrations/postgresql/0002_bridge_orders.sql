-- Orders pushed to the payment-customs bridge (支付报关系统: PushOrder, GetOrder).
--
-- Times are Unix milliseconds, UTC. Every column of bytes has its SHA-256 beside it, as in 0001.

-- 推单: one order of one merchant at the bridge, and how it stands. This table is the truth; the worker only drives.
CREATE TABLE bridge_order (
  id                BIGINT           GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  merchant          TEXT COLLATE "C" NOT NULL,       -- the merchant's name in the settings
  order_no          TEXT COLLATE "C" NOT NULL,       -- never pushed under another number
  operation         TEXT COLLATE "C" NOT NULL,       -- A add, U update: how the content is pushed
  content           BYTEA            NOT NULL,       -- what the ERP handed in last: JSON, UTF-8; holds personal data
  content_sha256    BYTEA            NOT NULL,
  pay_at            BIGINT           NOT NULL,       -- 交易成功时间 in the content: the term runs from here
  state             TEXT COLLATE "C" NOT NULL,       -- pending, pushed, confirming, done, data_error, needs_person, waiting_retry
  code              TEXT COLLATE "C" NOT NULL,       -- the bridge's last code that decided anything; may be empty
  reason            TEXT COLLATE "C" NOT NULL,       -- in words without personal data
  flags             TEXT COLLATE "C" NOT NULL,       -- words between commas, one before the first and one after the last: LIKE '%,word,%' finds one
  attempts          INTEGER          NOT NULL,       -- PushOrder calls
  polls             INTEGER          NOT NULL,       -- GetOrder calls
  since             BIGINT           NOT NULL,       -- from when on the present waiting is counted
  next_attempt_at   BIGINT           NULL,           -- empty: nothing happens by itself
  lease_until       BIGINT           NULL,           -- a worker holds it until then
  lease_boot        BIGINT           NOT NULL,       -- the start of the module that gave the lease
  fence             BIGINT           NOT NULL,       -- grows with every lease; whoever holds an older number can save nothing
  asked             INTEGER          NOT NULL,       -- 1: a callback or a person wants GetOrder asked, whatever the state
  woken_fence       BIGINT           NOT NULL,       -- the fence at which a callback came in while a worker held the order
  taken_code        TEXT COLLATE "C" NULL,           -- with which code the bridge took a push: 0000, 9905 or 9906
  taken_exchange_id BIGINT           NULL,           -- the push that it took: 原始请求
  paid_exchange_id  BIGINT           NULL,           -- the GetOrder that told of payment and declaration: 原始响应
  payment_no        TEXT COLLATE "C" NULL,           -- 支付单号
  payment_status    TEXT COLLATE "C" NULL,           -- 支付状态
  paid_at           BIGINT           NULL,           -- PayTime
  archived          TEXT COLLATE "C" NULL,           -- bridge: its exchange is the evidence; erp: the ERP's own is
  created_at        BIGINT           NOT NULL,
  changed_at        BIGINT           NOT NULL,
  finished_at       BIGINT           NULL,
  UNIQUE (merchant, order_no)
);
CREATE INDEX bridge_order_by_number ON bridge_order (order_no);
CREATE INDEX bridge_order_by_state ON bridge_order (state);
CREATE INDEX bridge_order_due ON bridge_order (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX bridge_order_by_term ON bridge_order (pay_at);

-- Every call to the bridge and every callback from it, byte for byte. A row is opened before the first byte goes out.
CREATE TABLE bridge_exchange (
  id             BIGINT           GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  order_id       BIGINT           NOT NULL REFERENCES bridge_order (id),
  kind           TEXT COLLATE "C" NOT NULL,                                    -- push, get, callback
  started_at     BIGINT           NOT NULL,
  ended_at       BIGINT           NULL,                                        -- empty: on its way, or the process died
  arrival        TEXT COLLATE "C" NOT NULL,                                    -- answered; no: it never left; perhaps: nobody knows
  http_status    INTEGER          NULL,
  request        BYTEA            NOT NULL,                                    -- push, get: the JSON in the form field data; callback: the body as received
  request_sha256 BYTEA            NOT NULL,
  reply          BYTEA            NOT NULL,                                    -- as received; empty when there was none
  reply_sha256   BYTEA            NOT NULL,
  code           TEXT COLLATE "C" NULL,                                        -- ReturnCode, where it could be read
  error          TEXT COLLATE "C" NOT NULL                                     -- what went wrong underneath
);
CREATE INDEX bridge_exchange_by_order ON bridge_exchange (order_id);

-- Merchants whose pushes the bridge has refused for arrears (9911) or a missing contract (9912): nothing is pushed until a person reopens it.
CREATE TABLE bridge_stop (
  merchant    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  stopped_at  BIGINT           NOT NULL,
  code        TEXT COLLATE "C" NOT NULL,
  reason      TEXT COLLATE "C" NOT NULL,
  reopened_at BIGINT           NULL,                       -- empty: stopped
  reopened_by TEXT COLLATE "C" NULL                        -- the person
);
