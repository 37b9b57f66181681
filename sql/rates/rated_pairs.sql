-- Sets the variable rated_pairs to all pairs by which lines of the ledger can be rated.
set variable rated_pairs = (
    select list(concat(chip_id, '@', year))
    from rated_pair
);
