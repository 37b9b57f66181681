-- Entries whose postings do not sum to zero in a measure. One row per entry and measure.
create or replace view audit_posting_not_balanced as
select
    entry_id as subject_id,
    printf(
        'the postings of entry %s sum to %.6g %s in %s; they must sum to zero', entry_id, sum(amount_mean), any_value(unit), measure
    ) as detail,
from posting
group by entry_id, measure
having abs(sum(amount_mean)) > 1e-9 * max(abs(amount_mean));
comment on view audit_posting_not_balanced is 'Entries whose postings do not sum to zero in a measure; one row per entry and measure';
