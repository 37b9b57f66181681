-- Statements with their face amount, the spread around it, and the path that rates it, of capacity and of money alike.
-- exact: the figure, or its own interval; about: a narrow spread of its own; up_to: a realised share of at most 1;
-- at_least: an overshoot of at least 1; both of these are one draw per deal, so that two ceilings of one deal move together.
-- physical_rank is null where the measure is no capacity. One row per statement with a figure.
create or replace view statement_spread as
with face as (
    select
        statement.*,
        measure.physical_rank,
        stated_amount(
            statement.qualifier, statement.amount_low, statement.amount_best, statement.amount_high
        ) as face_amount,
        statement.qualifier not in ('up_to', 'at_least')
        and statement.amount_low < statement.amount_high as has_own_interval,
        case
            when has_own_interval then null
            when statement.qualifier = 'about' then 'about_factor'
            when statement.qualifier = 'up_to' then 'up_to_realised_share'
            when statement.qualifier = 'at_least' then 'at_least_overshoot'
        end as parameter,
        case
            when statement.measure in ('lease_contract', 'lease_spend') then 'lease_term_years' else 'cloud_term_years'
        end as term_parameter,
    from statement
    inner join measure using (measure)
),

spread as (
    select
        parameter,
        low,
        best,
        high,
        distribution,
    from assumption_row
    where applies_to = '*' and year = '*'
)

select
    face.statement_id as line_id,
    face.deal_id,
    face.measure,
    face.physical_rank,
    face.qualifier,
    face.known_on,
    face.face_amount,
    case
        when face.parameter in ('up_to_realised_share', 'at_least_overshoot')
            then concat('deal.', face.deal_id, '.', face.qualifier)
        else concat('statement.', face.statement_id)
    end as stream_id,
    case when face.has_own_interval then face.amount_low / face.face_amount else coalesce(spread.low, 1) end as low,
    coalesce(spread.best, 1) as best,
    case when face.has_own_interval then face.amount_high / face.face_amount else coalesce(spread.high, 1) end as high,
    case
        when face.has_own_interval then case when face.amount_low > 0 then 'lognormal' else 'uniform' end
        else coalesce(spread.distribution, 'fixed')
    end as distribution,
    case when face.parameter = 'at_least_overshoot' then 1.0 else 0.0 end as smallest_factor,
    case when face.parameter = 'up_to_realised_share' then 1.0 else 'infinity'::double end as largest_factor,
    deal_path.chip_id,
    deal_path.chip_is_assumed,
    deal_path.year,
    deal_path.announced_year,
    deal_path.term_years,
    position_choice.assumption_key as position_key,
    coalesce(term_choice.assumption_key, concat(face.term_parameter, '@*@*')) as term_key,
from face
inner join deal_path using (deal_id)
left join kind_choice as position_choice
    on concat(face.measure, '_position') = position_choice.parameter and deal_path.builder = position_choice.kind
left join kind_choice as term_choice
    on face.term_parameter = term_choice.parameter and deal_path.seller_kind = term_choice.kind
left join spread on face.parameter = spread.parameter
where face.face_amount is not null;
comment on view statement_spread is 'Statements with their face amount, spread and rating path, of capacity and of money alike; one row per statement';
