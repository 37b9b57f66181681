-- The number of streams that a ledger with more spreads of their own shares among them [1].
create or replace macro shared_stream_count() as 4096;
comment on macro shared_stream_count is 'Number of streams that a ledger with more spreads of their own shares among them [1]';
