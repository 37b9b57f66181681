-- The hours in one unit of time as bills name it [hour]; null for a unit of anything else.
create or replace macro unit_hours(unit) as
    case rtrim(lower(trim(unit)), 's')
        when 'day' then 24.0
        when 'hour' then 1.0
        when 'hr' then 1.0
        when 'instance-hour' then 1.0
        when 'minute' then 1.0 / 60
        when 'second' then 1.0 / 3600
    end;
comment on macro unit_hours is 'The hours in one unit of time as bills name it [hour]; null for a unit of anything else';
