-- 期限与清理报告: when a transaction was over, what a run of retention counted, and a database that takes no erasure of what is younger than three years.

-- 交易完结: delivery or after-sales of an order ended then, as the ERP told it; the term runs from the latest. Rows are added and never changed, and are sealed like the records themselves.
CREATE TABLE order_end (
  id        BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
  merchant  NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- the merchant's name in the settings
  order_no  NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  kind      NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- delivered, after_sales
  ended_at  BIGINT NOT NULL,
  told_at   BIGINT NOT NULL,
  told_by   NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- the name of an API key, or a user
  UNIQUE (merchant, order_no, kind, ended_at)
);
CREATE INDEX order_end_by_term ON order_end (ended_at, id);

-- What a run looked at and counted beside what it erased.
ALTER TABLE retention_run ADD total BIGINT NOT NULL DEFAULT 0;           -- payments traded before the cutoff when it began
ALTER TABLE retention_run ADD on_hold BIGINT NOT NULL DEFAULT 0;         -- of those that stay: under a legal hold
ALTER TABLE retention_run ADD pushes BIGINT NOT NULL DEFAULT 0;          -- orders at the bridge erased
ALTER TABLE retention_run ADD amounts NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT '';       -- of the payments erased, by currency, as 142=31000.5 502=20
ALTER TABLE retention_run ADD doubt NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT '';         -- why the clock was not believed and nothing erased, 中文 | English
ALTER TABLE retention_run ADD confirmed_by NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT '';  -- who said that the clock is right
ALTER TABLE retention_run ADD traces BIGINT;                             -- 1: somebody read without a pause, erased bytes may be left in the database's log

-- The term that was over. Three calendar years are 1,095 days at least: whatever a setting or a program says, the database takes no erasure of what is younger.
ALTER TABLE erasure ADD years BIGINT NOT NULL DEFAULT 3 , CONSTRAINT erasure_term CHECK (years >= 3 AND cutoff <= erased_at - 94608000000);
