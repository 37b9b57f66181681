-- The face value of a stated amount: the ceiling of an up_to, the floor of an at_least, else the best figure, else the middle of
-- the range (geometric mean), else the one end that is stated.
create or replace macro stated_amount(qualifier, low, best, high) as
    case qualifier
        when 'up_to' then coalesce(best, high)
        when 'at_least' then coalesce(best, low)
        else coalesce(best, sqrt(low * high), high, low)
    end;
comment on macro stated_amount is 'Face value of a stated amount: ceiling, floor, best figure or middle of the range [unit of the statement]';
