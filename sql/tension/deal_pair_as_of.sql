-- Pairs of statements of one deal as known at a date, each in its newest version. Statement a is converted into the measure
-- of statement b: chips before contracts before dollars before power, within a kind the more physical one.
-- Rumoured and cancelled deals are here too: what they state must agree as well. One row per pair.
create or replace macro deal_pair_as_of(as_of) as table
with newest as (
    select
        line_id,
        deal_id,
        measure,
        physical_rank,
        qualifier,
        face_amount,
        chip_id,
        witness_kind(measure) as kind,
    from statement_line
    where known_on <= as_of
    qualify row_number() over (partition by deal_id, measure order by known_on desc, line_id) = 1
)

select
    a.deal_id,
    null::varchar as site_id,
    a.line_id as statement_a,
    b.line_id as statement_b,
    a.measure as measure_a,
    b.measure as measure_b,
    a.qualifier as qualifier_a,
    b.qualifier as qualifier_b,
    a.face_amount as face_amount_a,
    b.face_amount as face_amount_b,
    concat(a.kind, '-', b.kind) as pair_type,
    a.chip_id,
    is_scored_pair(a.qualifier, b.qualifier) as is_scored,
from newest as a
inner join newest as b
    on
        a.deal_id = b.deal_id
        and (a.kind < b.kind or (a.kind = b.kind and (a.physical_rank, a.line_id) < (b.physical_rank, b.line_id)));
comment on macro table deal_pair_as_of is 'Pairs of statements of one deal as known at a date, newest versions; one row per pair';
