-- 重新排队: a person has a request start over. A round of tries counts from requeued_at; the event tells who it was.
ALTER TABLE customs_request ADD COLUMN requeued_at INTEGER;
ALTER TABLE request_event ADD COLUMN actor TEXT NOT NULL DEFAULT '';  -- empty: the module itself
