-- 查阅记录: who has seen personal data in clear, and why; rows are added and never changed, and are sealed like the records themselves.
CREATE TABLE clear_access (
  id          BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  accessed_at BIGINT           NOT NULL,
  reader      TEXT COLLATE "C" NOT NULL,  -- the user's name in the ERP
  reason      TEXT COLLATE "C" NOT NULL,  -- in the user's words
  order_no    TEXT COLLATE "C" NOT NULL,
  merchant    TEXT COLLATE "C" NOT NULL,
  kind        TEXT COLLATE "C" NOT NULL   -- original, bundle
);
CREATE INDEX clear_access_by_order ON clear_access (order_no);
