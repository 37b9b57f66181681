-- The correlation of two aligned lists of draws [1]; null where one of them does not vary.
create or replace macro list_correlation(some_draws, other_draws) as
    (
        list_inner_product(some_draws, other_draws) / len(some_draws)
        - list_avg(some_draws) * list_avg(other_draws)
    ) / nullif(list_stddev_pop(some_draws) * list_stddev_pop(other_draws), 0);
comment on macro list_correlation is 'Correlation of two aligned lists of draws; null where one of them does not vary [1]';
