-- 重新排队: a person has a request start over. A round of tries counts from requeued_at; the event tells who it was.
ALTER TABLE customs_request ADD requeued_at BIGINT NULL;
ALTER TABLE request_event ADD actor NVARCHAR(256) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT request_event_actor DEFAULT '';  -- empty: the module itself
