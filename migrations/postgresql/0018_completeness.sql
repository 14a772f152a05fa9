-- 完整性核对: what a daily reconciliation looked at and found.
CREATE TABLE completeness_run (
  id          BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  started_at  BIGINT NOT NULL,
  ended_at    BIGINT,           -- empty: it runs, or was broken off
  covers_from BIGINT NOT NULL,  -- the ERP's orders paid then
  covers_to   BIGINT NOT NULL,  -- and before then
  orders      BIGINT,           -- how many the ERP named; empty: it could not be asked
  problem     TEXT COLLATE "C" NOT NULL,  -- why not, 中文 | English
  fresh       BIGINT NOT NULL,  -- found for the first time
  standing    BIGINT NOT NULL   -- found and not settled
);

-- What is incomplete. A row is told to people once, when it is added.
CREATE TABLE completeness_finding (
  id         BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  kind       TEXT COLLATE "C" NOT NULL,  -- order_without_payment, request_without_outcome, exchange_without_counterpart
  reference  TEXT COLLATE "C" NOT NULL,  -- of one kind: the order with its merchant, or the record
  merchant   TEXT COLLATE "C",
  order_no   TEXT COLLATE "C",
  since      BIGINT NOT NULL,  -- when it was paid, due or begun
  found_at   BIGINT NOT NULL,
  settled_at BIGINT,           -- empty: it still is incomplete
  UNIQUE (kind, reference)
);
CREATE INDEX completeness_finding_standing ON completeness_finding (kind, since) WHERE settled_at IS NULL;

-- Exchanges that have no end: few, and looked for every day.
CREATE INDEX upload_attempt_open ON upload_attempt (started_at) WHERE ended_at IS NULL;
CREATE INDEX bridge_exchange_open ON bridge_exchange (started_at) WHERE ended_at IS NULL;
