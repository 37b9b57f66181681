-- The stream of a spread of its own in a ledger that has too many to draw each: one of 4,096, chosen by the name alone.
-- Each spread keeps its distribution exactly, and a row that is added changes no other. Two of one programme may meet in one
-- stream, so the part of a sum that is due to spreads of their own is overstated, by at most a 64th of the spread of a line.
create or replace macro shared_stream(stream_id, are_shared) as
    case when are_shared then concat('shared.', md5_number_lower(stream_id) % shared_stream_count()) else stream_id end;
comment on macro shared_stream is 'Stream of a spread of its own, shared in a ledger that has too many to draw each [text]';
