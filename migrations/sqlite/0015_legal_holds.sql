-- 法定保全: what must not be erased though its term is over; placing and lifting are rows of their own, never changed, and sealed like the records themselves.
CREATE TABLE legal_hold (
  id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  placed_at   INTEGER NOT NULL,
  placed_by   TEXT    NOT NULL,  -- the user's name in the ERP
  owner       TEXT    NOT NULL,  -- who answers for it: a person, a department, a case
  reason      TEXT    NOT NULL,
  merchant    TEXT   ,           -- empty: every merchant
  order_no    TEXT   ,           -- one order; or
  from_time   INTEGER,           -- everything of a time: payments with all that belongs to them by trading time, what no payment has by when it came
  until_time  INTEGER            -- before it
);

CREATE TABLE legal_hold_lift (
  id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  hold_id    INTEGER NOT NULL UNIQUE REFERENCES legal_hold (id),
  lifted_at  INTEGER NOT NULL,
  lifted_by  TEXT    NOT NULL,
  reason     TEXT    NOT NULL
);
