-- 告警: what people were told, and how.
--
-- A row is one message to one channel, from the moment at which it was decided: what is not sent yet is sent from the row, also after a crash,
-- so a message is sent at least once. Times are Unix milliseconds, UTC. No personal data and no secret stands here.

CREATE TABLE alert_message (
  id              BIGINT           GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,
  channel         TEXT COLLATE "C" NOT NULL,                                           -- its name in the settings; host: the ERP's notifier; log: the log
  kind            TEXT COLLATE "C" NOT NULL,                                           -- what it is about; of the same kind and merchant is alike
  merchant        TEXT COLLATE "C" NOT NULL,                                           -- may be empty
  level           TEXT COLLATE "C" NOT NULL,                                           -- information, warning, alarm
  subject         TEXT COLLATE "C" NOT NULL,                                           -- of the first alert that it tells of, 中文 | English
  body            TEXT COLLATE "C" NOT NULL,                                           -- a line for each of the first ten, likewise
  path            TEXT COLLATE "C" NULL,                                               -- where to look, from the host's root
  alerts          INTEGER          NOT NULL,                                           -- how many it tells of
  raised_at       BIGINT           NOT NULL,                                           -- the first of them
  last_raised_at  BIGINT           NOT NULL,
  quiet_until     BIGINT           NOT NULL,                                           -- what is alike and comes before then goes together into the next message
  outcome         TEXT COLLATE "C" NOT NULL,                                           -- waiting, sent, failed
  attempts        INTEGER          NOT NULL,                                           -- grows before each sending; whoever knows an older number can save nothing
  next_attempt_at BIGINT           NULL,                                               -- empty: nothing happens by itself; while it is being sent: when it is given up for lost
  ended_at        BIGINT           NULL,                                               -- of the last attempt
  error           TEXT COLLATE "C" NOT NULL                                            -- of the last attempt, 中文 | English
);
CREATE INDEX alert_message_by_kind ON alert_message (channel, kind, merchant, id);
CREATE INDEX alert_message_due ON alert_message (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX alert_message_by_term ON alert_message (raised_at);
