-- A deal states only measures that fit its layer. One row per statement that does not.
select
    statement._file,
    statement._line,
    'measure' as _column,
    statement.measure as _value,
    concat(
        'deal ', deal.deal_id, ' is of layer ', deal.layer, ', which states ',
        (
            select string_agg(allowed.measure, ', ' order by allowed.measure)
            from layer_measure as allowed
            where allowed.layer = deal.layer
        )
    ) as _expected,
from statement
inner join deal using (deal_id)
inner join measure using (measure)
where
    deal.layer in (select layer from layer_measure)
    and (deal.layer, statement.measure) not in (select (layer, measure) from layer_measure);
