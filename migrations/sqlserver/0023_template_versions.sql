-- 模板: what was published; the newest version of a name counts. Version 0 is the file beside the module. Rows are added and never changed.
CREATE TABLE template_version (
  id           BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
  name         NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- e.g. 179/head
  version      BIGINT NOT NULL,  -- 1, 2, 3 … of its name
  text         NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  sha256       NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- of the text in UTF-8, lower-case hex; stands in every envelope made with it
  differences  NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- from what the built-in writer gives, by field; confirmed by who published it
  published_at BIGINT NOT NULL,
  published_by NVARCHAR(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
  reason       NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  UNIQUE (name, version)
);
