-- 总览: what a day was like, summed up when it is over, so that the overview need not count a month's rows. Today is counted from the rows themselves.
CREATE TABLE day_sum (
  day        BIGINT NOT NULL PRIMARY KEY,  -- China's calendar, days since 1970-01-01
  accepted   BIGINT NOT NULL,  -- requests of customs that came on that day, by what became of them
  refused    BIGINT NOT NULL,
  for_person BIGINT NOT NULL,
  unfinished BIGINT NOT NULL,  -- without an end when it was summed up
  p95        BIGINT,           -- milliseconds from receipt to acceptance that 95 of 100 did not exceed; empty where none was accepted
  payments   BIGINT NOT NULL   -- payments that came into the archive on that day
);
CREATE INDEX payment_by_arrival ON payment (received_at);
