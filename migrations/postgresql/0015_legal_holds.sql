-- 法定保全: what must not be erased though its term is over; placing and lifting are rows of their own, never changed, and sealed like the records themselves.
CREATE TABLE legal_hold (
  id          BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  placed_at   BIGINT           NOT NULL,
  placed_by   TEXT COLLATE "C" NOT NULL,  -- the user's name in the ERP
  owner       TEXT COLLATE "C" NOT NULL,  -- who answers for it: a person, a department, a case
  reason      TEXT COLLATE "C" NOT NULL,
  merchant    TEXT COLLATE "C",           -- empty: every merchant
  order_no    TEXT COLLATE "C",           -- one order; or
  from_time   BIGINT          ,           -- everything of a time: payments with all that belongs to them by trading time, what no payment has by when it came
  until_time  BIGINT                      -- before it
);

CREATE TABLE legal_hold_lift (
  id         BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  hold_id    BIGINT           NOT NULL UNIQUE REFERENCES legal_hold (id),
  lifted_at  BIGINT           NOT NULL,
  lifted_by  TEXT COLLATE "C" NOT NULL,
  reason     TEXT COLLATE "C" NOT NULL
);
