-- 签名代理: the programs on the PCs with the cards, and the texts that wait for them.
--
-- A row of sign_job is the text of one call that waits for its signature. It goes when the call ends, whatever became of it; a row that was left behind goes when it has expired.
-- What is durable is the claim of the request: a call that was lost with its process is made anew. Times are Unix milliseconds, UTC; leases are measured by the clock of leases.
-- A text is personal data; no secret stands here.

CREATE TABLE sign_job (
  id          TEXT    NOT NULL PRIMARY KEY, -- 32 hex digits, drawn
  merchant    TEXT    NOT NULL,             -- its name in the settings
  request     BLOB    NOT NULL,             -- what is to be signed, JSON
  expires_at  INTEGER NOT NULL,             -- nobody waits longer
  lease_until INTEGER,                      -- empty: no agent has taken it
  leased_by   TEXT,                         -- the agent that took it last
  fence       INTEGER NOT NULL,             -- one higher with each lease; whoever knows an older one answers in vain
  answer      BLOB                          -- of an agent that asked at another node than the one that waits, JSON
);
CREATE INDEX sign_job_waiting ON sign_job (merchant, expires_at);

CREATE TABLE sign_agent (
  merchant   TEXT    NOT NULL, -- its name in the settings
  name       TEXT    NOT NULL, -- the agent's name in the settings
  seen_at    INTEGER NOT NULL, -- last sign of life, by the clock of leases
  version    TEXT    NOT NULL, -- of the program
  machine    TEXT    NOT NULL, -- the name of its PC
  kind       TEXT    NOT NULL, -- what it signs with: KeyFile, EportClient, …
  cert_no    TEXT,             -- of its certificate, as are the next five; empty while it cannot read one
  scheme     TEXT,             -- RSA-SHA1, SM2-SM3
  cert_der   BLOB,             -- the certificate, DER
  subject    TEXT,             -- to whom it was issued
  not_before INTEGER,
  not_after  INTEGER,
  error      TEXT    NOT NULL, -- why it does not sign, 中文 | English; empty when it does
  closed_at  INTEGER,          -- since when it tries no PIN, by the clock of upload_stop; empty while it may
  PRIMARY KEY (merchant, name)
);
