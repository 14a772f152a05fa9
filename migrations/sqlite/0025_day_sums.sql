-- 总览: what a day was like, summed up when it is over, so that the overview need not count a month's rows. Today is counted from the rows themselves.
CREATE TABLE day_sum (
  day        INTEGER NOT NULL PRIMARY KEY,  -- China's calendar, days since 1970-01-01
  accepted   INTEGER NOT NULL,  -- requests of customs that came on that day, by what became of them
  refused    INTEGER NOT NULL,
  for_person INTEGER NOT NULL,
  unfinished INTEGER NOT NULL,  -- without an end when it was summed up
  p95        INTEGER,           -- milliseconds from receipt to acceptance that 95 of 100 did not exceed; empty where none was accepted
  payments   INTEGER NOT NULL   -- payments that came into the archive on that day
);
CREATE INDEX payment_by_arrival ON payment (received_at);
