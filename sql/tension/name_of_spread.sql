-- The name of the spread of a statement itself: the assumption that its qualifier stands for, or the interval that it states.
create or replace macro name_of_spread(qualifier, of_measure) as
    case qualifier
        when 'about' then 'about_factor'
        when 'up_to' then 'up_to_realised_share'
        when 'at_least' then 'at_least_overshoot'
        else concat('interval of ', of_measure)
    end;
comment on macro name_of_spread is 'Name of the spread of a statement itself: the assumption that its qualifier stands for, or the interval that it states';
