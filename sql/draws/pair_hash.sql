-- The number that places a pair of strata in a named stream; it depends on the seed and on the name alone [1].
create or replace macro pair_hash(seed, stream_id, pair) as
    md5_number_lower(concat(seed, ':', stream_id, ':', pair));
comment on macro pair_hash is 'Number that places a pair of strata in a named stream; depends on seed, name and pair alone [1]';
