-- Deals of which several others include more than the whole, at the best shares. The newest version of each inclusion counts.
-- One row per part.
create or replace view audit_inclusion_above_one as
with newest as (
    select *
    from inclusion
    qualify row_number() over (partition by part_id, whole_id order by known_on desc, inclusion_id) = 1
)

select
    part_id as subject_id,
    printf(
        'inclusions take %.4g of the deal %s: %s', sum(share_best), part_id,
        string_agg(concat(whole_id, ' ', share_best), ', ' order by whole_id)
    ) as detail,
from newest
group by part_id
having sum(share_best) > 1 + 1e-9;
comment on view audit_inclusion_above_one is 'Deals of which several others include more than the whole; one row per part';
