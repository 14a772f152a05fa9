-- 签名代理: the programs on the PCs with the cards, and the texts that wait for them.
--
-- A row of sign_job is the text of one call that waits for its signature. It goes when the call ends, whatever became of it; a row that was left behind goes when it has expired.
-- What is durable is the claim of the request: a call that was lost with its process is made anew. Times are Unix milliseconds, UTC; leases are measured by the clock of leases.
-- A text is personal data; no secret stands here.

CREATE TABLE sign_job (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- 32 hex digits, drawn
  merchant    TEXT COLLATE "C" NOT NULL,             -- its name in the settings
  request     BYTEA            NOT NULL,             -- what is to be signed, JSON
  expires_at  BIGINT           NOT NULL,             -- nobody waits longer
  lease_until BIGINT           NULL,                 -- empty: no agent has taken it
  leased_by   TEXT COLLATE "C" NULL,                 -- the agent that took it last
  fence       BIGINT           NOT NULL,             -- one higher with each lease; whoever knows an older one answers in vain
  answer      BYTEA            NULL                  -- of an agent that asked at another node than the one that waits, JSON
);
CREATE INDEX sign_job_waiting ON sign_job (merchant, expires_at);

CREATE TABLE sign_agent (
  merchant   TEXT COLLATE "C" NOT NULL, -- its name in the settings
  name       TEXT COLLATE "C" NOT NULL, -- the agent's name in the settings
  seen_at    BIGINT           NOT NULL, -- last sign of life, by the clock of leases
  version    TEXT COLLATE "C" NOT NULL, -- of the program
  machine    TEXT COLLATE "C" NOT NULL, -- the name of its PC
  kind       TEXT COLLATE "C" NOT NULL, -- what it signs with: KeyFile, EportClient, …
  cert_no    TEXT COLLATE "C" NULL,     -- of its certificate, as are the next five; empty while it cannot read one
  scheme     TEXT COLLATE "C" NULL,     -- RSA-SHA1, SM2-SM3
  cert_der   BYTEA            NULL,     -- the certificate, DER
  subject    TEXT COLLATE "C" NULL,     -- to whom it was issued
  not_before BIGINT           NULL,
  not_after  BIGINT           NULL,
  error      TEXT COLLATE "C" NOT NULL, -- why it does not sign, 中文 | English; empty when it does
  closed_at  BIGINT           NULL,     -- since when it tries no PIN, by the clock of upload_stop; empty while it may
  PRIMARY KEY (merchant, name)
);
