-- 签名代理: the programs on the PCs with the cards, and the texts that wait for them.
--
-- A row of sign_job is the text of one call that waits for its signature. It goes when the call ends, whatever became of it; a row that was left behind goes when it has expired.
-- What is durable is the claim of the request: a call that was lost with its process is made anew. Times are Unix milliseconds, UTC; leases are measured by the clock of leases.
-- A text is personal data; no secret stands here.

CREATE TABLE sign_job (
  id          NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY, -- 32 hex digits, drawn
  merchant    NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,             -- its name in the settings
  request     VARBINARY(MAX)                               NOT NULL,             -- what is to be signed, JSON
  expires_at  BIGINT                                       NOT NULL,             -- nobody waits longer
  lease_until BIGINT                                       NULL,                 -- empty: no agent has taken it
  leased_by   NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NULL,                 -- the agent that took it last
  fence       BIGINT                                       NOT NULL,             -- one higher with each lease; whoever knows an older one answers in vain
  answer      VARBINARY(MAX)                               NULL                  -- of an agent that asked at another node than the one that waits, JSON
);
CREATE INDEX sign_job_waiting ON sign_job (merchant, expires_at);

CREATE TABLE sign_agent (
  merchant   NVARCHAR(64) COLLATE Latin1_General_100_BIN2  NOT NULL, -- its name in the settings
  name       NVARCHAR(64) COLLATE Latin1_General_100_BIN2  NOT NULL, -- the agent's name in the settings
  seen_at    BIGINT                                        NOT NULL, -- last sign of life, by the clock of leases
  version    NVARCHAR(64) COLLATE Latin1_General_100_BIN2  NOT NULL, -- of the program
  machine    NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL, -- the name of its PC
  kind       NVARCHAR(64) COLLATE Latin1_General_100_BIN2  NOT NULL, -- what it signs with: KeyFile, EportClient, …
  cert_no    NVARCHAR(64) COLLATE Latin1_General_100_BIN2  NULL,     -- of its certificate, as are the next five; empty while it cannot read one
  scheme     NVARCHAR(32) COLLATE Latin1_General_100_BIN2  NULL,     -- RSA-SHA1, SM2-SM3
  cert_der   VARBINARY(MAX)                                NULL,     -- the certificate, DER
  subject    NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NULL,     -- to whom it was issued
  not_before BIGINT                                        NULL,
  not_after  BIGINT                                        NULL,
  error      NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL, -- why it does not sign, 中文 | English; empty when it does
  closed_at  BIGINT                                        NULL,     -- since when it tries no PIN, by the clock of upload_stop; empty while it may
  PRIMARY KEY (merchant, name)
);
