-- The row of assumption that says where an amount of unstated basis lies, by the kind of the party that builds: a landlord's dollars
-- are those of a site, a neocloud's hold the chips. A kind without a row of its own is rated as a builder who is not known.
-- One row per measure of unstated basis and kind of organisation.
create or replace view builder_position as
select
    measure.measure,
    assumption_row.applies_to as builder,
    assumption_row.assumption_key,
from measure
inner join assumption_row on concat(measure.measure, '_position') = assumption_row.parameter
inner join organization_kind on assumption_row.applies_to = organization_kind.kind;
comment on view builder_position is 'Row of assumption that says where an amount of unstated basis lies; one row per measure and kind of the party that builds';
