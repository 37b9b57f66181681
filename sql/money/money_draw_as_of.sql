-- The dollars of a deal as known at a date, draw by draw [USD]: what is stated as about, a ceiling or a floor has its spread, and so
-- has the term of a yearly price that states none. Rumoured and cancelled deals are not reckoned. One row per deal and draw.
create or replace macro money_draw_as_of(as_of) as table
with money as (
    select *
    from deal_money_as_of(as_of)
    where status not in ('rumoured', 'cancelled')
),

stream as (
    select distinct stream_id
    from money
    where low < high
),

deviate as (
    select
        stream.stream_id,
        list(stratum.z order by stream_order(run.seed, stream.stream_id, stratum.pair, stratum.is_upper)) as z,
        list(stratum.u order by stream_order(run.seed, stream.stream_id, stratum.pair, stratum.is_upper)) as u,
    from stream
    cross join stratum
    cross join run
    group by stream.stream_id
),

aligned as (
    select
        money.*,
        unnest(range(1, run.draw_count + 1))::integer as draw,
        unnest(deviate.z) as z,
        unnest(deviate.u) as u,
        unnest(case when money.is_yearly and money.term_years is null then term.draws end) as assumed_term_years,
    from money
    cross join run
    left join deviate using (stream_id)
    left join assumption_draw as term on money.term_key = term.assumption_key
)

select
    deal_id,
    layer,
    money_kind,
    face_usd,
    draw,
    face_amount
    * case
        when low < high
            then greatest(smallest_factor, least(largest_factor, spread_value(low, best, high, distribution, z, u)))
        else 1
    end
    * case when is_yearly then coalesce(term_years, assumed_term_years) else 1 end as amount_usd,
from aligned;
comment on macro table money_draw_as_of is 'Dollars of a deal as known at a date, draw by draw; one row per deal and draw [USD]';
