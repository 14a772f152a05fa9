-- 模板: what was published; the newest version of a name counts. Version 0 is the file beside the module. Rows are added and never changed.
CREATE TABLE template_version (
  id           BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  name         TEXT COLLATE "C" NOT NULL,  -- e.g. 179/head
  version      BIGINT NOT NULL,  -- 1, 2, 3 … of its name
  text         TEXT COLLATE "C" NOT NULL,
  sha256       TEXT COLLATE "C" NOT NULL,  -- of the text in UTF-8, lower-case hex; stands in every envelope made with it
  differences  TEXT COLLATE "C" NOT NULL,  -- from what the built-in writer gives, by field; confirmed by who published it
  published_at BIGINT NOT NULL,
  published_by TEXT COLLATE "C" NOT NULL,
  reason       TEXT COLLATE "C" NOT NULL,
  UNIQUE (name, version)
);
