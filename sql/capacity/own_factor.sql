-- The factor by which a spread of its own changes an amount [1], within what its qualifier allows.
create or replace macro own_factor(low, best, high, distribution, smallest_factor, largest_factor, z, u) as
    greatest(smallest_factor, least(largest_factor, spread_value(low, best, high, distribution, z, u)));
comment on macro own_factor is 'Factor by which a spread of its own changes an amount, within what its qualifier allows [1]';
