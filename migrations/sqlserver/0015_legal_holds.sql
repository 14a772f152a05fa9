-- 法定保全: what must not be erased though its term is over; placing and lifting are rows of their own, never changed, and sealed like the records themselves.
CREATE TABLE legal_hold (
  id          BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
  placed_at   BIGINT                                        NOT NULL,
  placed_by   NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- the user's name in the ERP
  owner       NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,  -- who answers for it: a person, a department, a case
  reason      NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  merchant    NVARCHAR(64) COLLATE Latin1_General_100_BIN2 ,           -- empty: every merchant
  order_no    NVARCHAR(128) COLLATE Latin1_General_100_BIN2,           -- one order; or
  from_time   BIGINT                                       ,           -- everything of a time: payments with all that belongs to them by trading time, what no payment has by when it came
  until_time  BIGINT                                                   -- before it
);

CREATE TABLE legal_hold_lift (
  id         BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
  hold_id    BIGINT                                        NOT NULL UNIQUE REFERENCES legal_hold (id),
  lifted_at  BIGINT                                        NOT NULL,
  lifted_by  NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  reason     NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL
);
