-- Whether two statements can be held against each other. A ceiling and a floor cannot: "up to 5 GW" and "more than
-- 100 billion dollars" are both true of much and of little.
-- A ceiling or a floor against a figure is scored, on both sides: what "up to" and "at least" mean is an assumption like any
-- other (up_to_realised_share, at_least_overshoot). To leave such a pair out only when the figure falls short of its ceiling
-- would drop misses and keep hits. Two ceilings of one deal share one draw, so that their spread cancels and earns nothing.
create or replace macro is_scored_pair(qualifier_a, qualifier_b) as
    not (
        (qualifier_a = 'up_to' and qualifier_b = 'at_least')
        or (qualifier_a = 'at_least' and qualifier_b = 'up_to')
    );
comment on macro is_scored_pair is 'Whether two statements can be held against each other: not a ceiling against a floor';
