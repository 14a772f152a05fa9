-- 导入: files of payments that clerks have uploaded, and what became of them. The file itself stands in the module's data folder until it is imported or given up.
CREATE TABLE payment_import (
  id            BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  file_name     TEXT COLLATE "C" NOT NULL,  -- as it was called where it came from
  file_bytes    BIGINT NOT NULL,
  begun_by      TEXT COLLATE "C" NOT NULL,  -- the user's name in the ERP
  begun_at      BIGINT NOT NULL,
  state         TEXT COLLATE "C" NOT NULL,  -- checking, checked, importing, done, unreadable, stopped, interrupted, failed, discarded
  alive_at      BIGINT NOT NULL,  -- the last sign of life of what runs
  at_row        BIGINT NOT NULL,  -- the last row of the sheet that was looked at or imported
  row_count     BIGINT NOT NULL,  -- rows with something in them, and what they hold; known when the file is checked
  payments      BIGINT NOT NULL,
  orders        BIGINT NOT NULL,
  amounts       TEXT COLLATE "C" NOT NULL,  -- of the payments without a bad cell, by currency, as 142=31000.5 502=20
  bad_cells     BIGINT NOT NULL,
  bad_payments  BIGINT NOT NULL,
  saved         BIGINT NOT NULL,  -- payments
  existing      BIGINT NOT NULL,  -- payments that were there already, the same
  failed        BIGINT NOT NULL,  -- payments that were not stored
  problem       TEXT COLLATE "C" NOT NULL,  -- why it did not come to its end, 中文 | English
  confirmed_by  TEXT COLLATE "C" NOT NULL,  -- who had it imported; may be empty
  ended_at      BIGINT            -- empty: it goes on, or waits for a person
);
CREATE INDEX payment_import_waiting ON payment_import (begun_by, state);
