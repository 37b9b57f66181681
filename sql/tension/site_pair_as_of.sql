-- Pairs of milestones of one site in force at a date that speak of the same day and stage, became known together and count
-- different things: chips of a stated model against IT or facility power, of each kind the most physical one.
-- IT and facility power are no pair: the site keeps its own ratio of them. A state of several models, or of none named, is left
-- out: megawatts and H100e are there of all chips ever installed, which no bundle of one year rates. One row per pair.
create or replace macro site_pair_as_of(as_of) as table
with line as (
    select
        site_line.*,
        milestone.known_on,
        milestone.chip_id as stated_chip_id,
        witness_kind(site_line.measure) as kind,
    from site_line_as_of(as_of) as site_line
    inner join milestone on site_line.line_id = milestone.milestone_id
    qualify
        count(distinct milestone.chip_id) over (partition by site_line.site_id, site_line.stage) = 1
        and count(*) over (partition by site_line.site_id, site_line.stage, site_line.measure) = 1
),

witness as (
    select *
    from line
    qualify row_number() over (partition by site_id, stage, on_date, known_on, kind order by physical_rank) = 1
)

select
    null::varchar as deal_id,
    a.site_id,
    a.line_id as statement_a,
    b.line_id as statement_b,
    a.measure as measure_a,
    b.measure as measure_b,
    'exact' as qualifier_a,
    'exact' as qualifier_b,
    a.face_amount as face_amount_a,
    b.face_amount as face_amount_b,
    concat(a.kind, '-', b.kind) as pair_type,
    a.chip_id,
    true as is_scored,
from witness as a
inner join witness as b using (site_id, stage, on_date, known_on, chip_id, year)
where a.kind = 'chips' and a.stated_chip_id is not null and b.kind <> 'chips';
comment on macro table site_pair_as_of is 'Pairs of milestones of one site, day and stage that count different things; one row per pair';
