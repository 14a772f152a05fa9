-- 查阅记录: who has seen personal data in clear, and why; rows are added and never changed, and are sealed like the records themselves.
CREATE TABLE clear_access (
  id          BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
  accessed_at BIGINT                                        NOT NULL,
  reader      NVARCHAR(256) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- the user's name in the ERP
  reason      NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- in the user's words
  order_no    NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  merchant    NVARCHAR(64) COLLATE Latin1_General_100_BIN2  NOT NULL,
  kind        NVARCHAR(32) COLLATE Latin1_General_100_BIN2  NOT NULL   -- original, bundle
);
CREATE INDEX clear_access_by_order ON clear_access (order_no);
