-- 操作日志: what people did on the screens, and what was refused; rows are added and never changed.
CREATE TABLE operation (
  id          BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  happened_at BIGINT NOT NULL,
  person      TEXT COLLATE "C" NOT NULL,  -- the user's name in the ERP
  action      TEXT COLLATE "C" NOT NULL,  -- page and handler, e.g. /Requests/Index.Retry
  title       TEXT COLLATE "C" NOT NULL,  -- the same in words, 中文 | English
  subject     TEXT COLLATE "C" NOT NULL,  -- numbers or ids that it was about; never personal data
  result      TEXT COLLATE "C" NOT NULL,  -- done, failed, refused
  sentence    TEXT COLLATE "C" NOT NULL  -- what the person was told, 中文 | English
);
CREATE INDEX operation_by_person ON operation (person, id);
CREATE INDEX operation_by_time ON operation (happened_at);
