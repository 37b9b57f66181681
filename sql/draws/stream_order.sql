-- The sort key that gives a named stream its own order of the strata; it depends on the seed and on the name alone,
-- so that adding or reordering rows changes no other stream.
-- Strata are ordered in pairs, the k-th from below with the k-th from above: the second half of every stream mirrors its first
-- (antithetic draws), so that the median of a product of spreads is met by a thousand draws as by a million.
create or replace macro stream_order(seed, stream_id, pair, is_upper) as
    pair_order(pair_hash(seed, stream_id, pair), is_upper);
comment on macro stream_order is 'Sort key that orders the strata of a named stream; depends on seed, name and stratum alone [1]';
