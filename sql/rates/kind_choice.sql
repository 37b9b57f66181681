-- The rows of assumption that apply to a kind of organisation: where amounts of unstated basis lie by who builds (a landlord's dollars
-- are those of a site, a neocloud's hold the chips), and the term of contracts by who sells. A kind without a row is rated as one
-- that is not known. One row per parameter and kind of organisation.
create or replace view kind_choice as
select
    assumption_row.parameter,
    assumption_row.applies_to as kind,
    assumption_row.assumption_key,
from assumption_row
inner join organization_kind on assumption_row.applies_to = organization_kind.kind;
comment on view kind_choice is 'Row of assumption that sets a parameter for a kind of organisation; one row per parameter and kind';
