-- The sort key that gives a named stream its own order of the strata; it depends on the seed and on the name alone,
-- so that adding or reordering rows changes no other stream.
create or replace macro stream_order(seed, stream_id, draw) as
    md5_number_lower(concat(seed, ':', stream_id, ':', draw));
comment on macro stream_order is 'Sort key that orders the strata of a named stream; depends on seed, name and draw alone [1]';
