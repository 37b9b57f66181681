-- The streams of spreads of their own on which the remainder of a programme rests at a date: of its top deals, its sites and its
-- claims. One row per programme and stream.
create or replace macro own_stream_as_of(as_of) as table
select
    top_deal.programme_id,
    line.stream_id,
from deal_line_as_of(as_of) as line
inner join top_deal using (deal_id)
where line.low < line.high
union
select
    claimed.programme_id,
    line.stream_id,
from site_line_as_of(as_of) as line
inner join claim_line_as_of(as_of) as claimed using (site_id)
where line.low < line.high
union
select
    programme_id,
    stream_id,
from claim_line_as_of(as_of)
where low < high;
comment on macro table own_stream_as_of is 'Streams of spreads of their own on which the remainder of a programme rests at a date; one row per programme and stream';
