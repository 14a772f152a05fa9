-- 模板: what was published; the newest version of a name counts. Version 0 is the file beside the module. Rows are added and never changed.
CREATE TABLE template_version (
  id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name         TEXT NOT NULL,  -- e.g. 179/head
  version      INTEGER NOT NULL,  -- 1, 2, 3 … of its name
  text         TEXT NOT NULL,
  sha256       TEXT NOT NULL,  -- of the text in UTF-8, lower-case hex; stands in every envelope made with it
  differences  TEXT NOT NULL,  -- from what the built-in writer gives, by field; confirmed by who published it
  published_at INTEGER NOT NULL,
  published_by TEXT NOT NULL,
  reason       TEXT NOT NULL,
  UNIQUE (name, version)
);
