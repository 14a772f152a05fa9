-- The lists of requests: each filter finds its rows in order of receipt, so that a page costs the same among a million.
UPDATE customs_request SET elapsed = finished_at - received_at WHERE finished_at IS NOT NULL;
DROP INDEX customs_request_by_state ON customs_request;
CREATE INDEX customs_request_by_state ON customs_request (state, received_at);
CREATE INDEX customs_request_by_merchant ON customs_request (merchant, received_at) WHERE merchant IS NOT NULL;
CREATE INDEX customs_request_by_pay_code ON customs_request (pay_code, received_at) WHERE pay_code IS NOT NULL;
CREATE INDEX customs_request_by_code ON customs_request (customs_code, received_at) WHERE customs_code IS NOT NULL;
CREATE INDEX customs_request_by_elapsed ON customs_request (elapsed) WHERE elapsed IS NOT NULL;
CREATE INDEX customs_request_ignored ON customs_request (state, received_at) WHERE ignored_at IS NOT NULL;
