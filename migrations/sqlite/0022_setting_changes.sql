-- 参数设置: what was set on the screen; the newest row of a name counts, over the host's configuration. Rows are added and never changed.
CREATE TABLE setting_change (
  id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL,  -- e.g. Customs:Deadline
  old_value  TEXT NOT NULL,  -- what counted before
  new_value  TEXT,  -- empty: the host's configuration counts again
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  reason     TEXT NOT NULL
);
CREATE INDEX setting_change_by_name ON setting_change (name, id);
