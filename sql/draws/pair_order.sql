-- The sort key of one stratum of a pair: one of the two falls into the first half of the stream, the other mirrors it [1].
create or replace macro pair_order(hash, is_upper) as
    hash // 2 + case when is_upper = (hash % 2 = 1) then 9223372036854775808::ubigint else 0::ubigint end;
comment on macro pair_order is 'Sort key of one stratum of a pair within a stream [1]';
