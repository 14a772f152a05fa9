-- 参数设置: what was set on the screen; the newest row of a name counts, over the host's configuration. Rows are added and never changed.
CREATE TABLE setting_change (
  id         BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  name       TEXT COLLATE "C" NOT NULL,  -- e.g. Customs:Deadline
  old_value  TEXT COLLATE "C" NOT NULL,  -- what counted before
  new_value  TEXT COLLATE "C",  -- empty: the host's configuration counts again
  changed_at BIGINT NOT NULL,
  changed_by TEXT COLLATE "C" NOT NULL,
  reason     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX setting_change_by_name ON setting_change (name, id);
