-- 参数设置: what was set on the screen; the newest row of a name counts, over the host's configuration. Rows are added and never changed.
CREATE TABLE setting_change (
  id         BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
  name       NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- e.g. Customs:Deadline
  old_value  NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- what counted before
  new_value  NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,  -- empty: the host's configuration counts again
  changed_at BIGINT NOT NULL,
  changed_by NVARCHAR(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
  reason     NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL
);
CREATE INDEX setting_change_by_name ON setting_change (name, id);
