-- Every row of the ledger that breaks a rule; empty where the ledger is sound. One row per rule, subject and finding.
create or replace view audit as
select
    'posting_not_balanced' as rule,
    *,
from audit_posting_not_balanced
union all
select
    'part_greater_than_whole' as rule,
    *,
from audit_part_greater_than_whole
union all
select
    'parts_greater_than_whole' as rule,
    *,
from audit_parts_greater_than_whole
union all
select
    'inclusion_above_one' as rule,
    *,
from audit_inclusion_above_one
union all
select
    'site_claimed_twice' as rule,
    *,
from audit_site_claimed_twice
union all
select
    'operational_before_construction' as rule,
    *,
from audit_operational_before_construction
union all
select
    'operational_after_known_on' as rule,
    *,
from audit_operational_after_known_on
union all
select
    'facility_below_it_power' as rule,
    *,
from audit_facility_below_it_power
union all
select
    'statement_without_source' as rule,
    *,
from audit_statement_without_source
union all
select
    'interval_reversed' as rule,
    *,
from audit_interval_reversed
union all
select
    'chip_delivered_before_release' as rule,
    *,
from audit_chip_delivered_before_release
union all
select
    'share_sum_above_one' as rule,
    *,
from audit_share_sum_above_one
union all
select
    'source_never_used' as rule,
    *,
from audit_source_never_used
union all
select
    'part_of_loop' as rule,
    *,
from audit_part_of_loop;
comment on view audit is 'Rows of the ledger that break a rule; one row per rule, subject and finding';
