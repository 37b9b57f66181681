-- A milestone states capacity, never equity, debt or customers. One row per milestone that does not.
select
    milestone._file,
    milestone._line,
    'measure' as _column,
    milestone.measure as _value,
    'expected a measure of capacity: a site has no equity, debt, guarantee, valuation or customers' as _expected,
from milestone
inner join measure using (measure)
where measure.physical_rank is null;
