-- 导入: files of payments that clerks have uploaded, and what became of them. The file itself stands in the module's data folder until it is imported or given up.
CREATE TABLE payment_import (
  id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  file_name     TEXT NOT NULL,  -- as it was called where it came from
  file_bytes    INTEGER NOT NULL,
  begun_by      TEXT NOT NULL,  -- the user's name in the ERP
  begun_at      INTEGER NOT NULL,
  state         TEXT NOT NULL,  -- checking, checked, importing, done, unreadable, stopped, interrupted, failed, discarded
  alive_at      INTEGER NOT NULL,  -- the last sign of life of what runs
  at_row        INTEGER NOT NULL,  -- the last row of the sheet that was looked at or imported
  row_count     INTEGER NOT NULL,  -- rows with something in them, and what they hold; known when the file is checked
  payments      INTEGER NOT NULL,
  orders        INTEGER NOT NULL,
  amounts       TEXT NOT NULL,  -- of the payments without a bad cell, by currency, as 142=31000.5 502=20
  bad_cells     INTEGER NOT NULL,
  bad_payments  INTEGER NOT NULL,
  saved         INTEGER NOT NULL,  -- payments
  existing      INTEGER NOT NULL,  -- payments that were there already, the same
  failed        INTEGER NOT NULL,  -- payments that were not stored
  problem       TEXT NOT NULL,  -- why it did not come to its end, 中文 | English
  confirmed_by  TEXT NOT NULL,  -- who had it imported; may be empty
  ended_at      INTEGER            -- empty: it goes on, or waits for a person
);
CREATE INDEX payment_import_waiting ON payment_import (begun_by, state);
