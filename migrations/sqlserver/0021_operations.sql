-- 操作日志: what people did on the screens, and what was refused; rows are added and never changed.
CREATE TABLE operation (
  id          BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
  happened_at BIGINT NOT NULL,
  person      NVARCHAR(256) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- the user's name in the ERP
  action      NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- page and handler, e.g. /Requests/Index.Retry
  title       NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- the same in words, 中文 | English
  subject     NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- numbers or ids that it was about; never personal data
  result      NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- done, failed, refused
  sentence    NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL  -- what the person was told, 中文 | English
);
CREATE INDEX operation_by_person ON operation (person, id);
CREATE INDEX operation_by_time ON operation (happened_at);
