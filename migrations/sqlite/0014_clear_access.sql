-- 查阅记录: who has seen personal data in clear, and why; rows are added and never changed, and are sealed like the records themselves.
CREATE TABLE clear_access (
  id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  accessed_at INTEGER NOT NULL,
  reader      TEXT    NOT NULL,  -- the user's name in the ERP
  reason      TEXT    NOT NULL,  -- in the user's words
  order_no    TEXT    NOT NULL,
  merchant    TEXT    NOT NULL,
  kind        TEXT    NOT NULL   -- original, bundle
);
CREATE INDEX clear_access_by_order ON clear_access (order_no);
