-- Milestones in their newest version, with their face value: the best figure, else the middle of the interval.
-- One row per site, date, stage, measure and chip.
create or replace view newest_milestone as
select
    *,
    coalesce(amount_best, sqrt(amount_low * amount_high), amount_high, amount_low) as face_amount,
from milestone
qualify
    row_number() over (
        partition by site_id, on_date, stage, measure, chip_id
        order by known_on desc, milestone_id
    ) = 1;
comment on view newest_milestone is 'Milestones in their newest version with their face value; one row per site, date, stage, measure and chip';
