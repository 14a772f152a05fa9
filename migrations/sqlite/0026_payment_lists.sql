-- The list of payments: a merchant's are found in the order in which they were traded, so that a page costs the same among a million.
CREATE INDEX payment_by_merchant ON payment (merchant, last_trading_at, id);
