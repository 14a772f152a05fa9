-- 操作日志: what people did on the screens, and what was refused; rows are added and never changed.
CREATE TABLE operation (
  id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  happened_at INTEGER NOT NULL,
  person      TEXT NOT NULL,  -- the user's name in the ERP
  action      TEXT NOT NULL,  -- page and handler, e.g. /Requests/Index.Retry
  title       TEXT NOT NULL,  -- the same in words, 中文 | English
  subject     TEXT NOT NULL,  -- numbers or ids that it was about; never personal data
  result      TEXT NOT NULL,  -- done, failed, refused
  sentence    TEXT NOT NULL  -- what the person was told, 中文 | English
);
CREATE INDEX operation_by_person ON operation (person, id);
CREATE INDEX operation_by_time ON operation (happened_at);
