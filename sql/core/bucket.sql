-- The buckets of a source: amounts summed by the asked keys and by how they are stated (measure, chip, year).
-- One row per combination of keys, measure, chip and year. The one text that touches every row: DuckDB, Polars and Spark run it
-- as it is, with the keys in the places of the two comments. A null amount is no amount of 0: it is counted apart.
select
    /* keys, */
    measure,
    chip,
    year,
    count(*) as row_count,
    count(amount) as amount_count,
    sum(amount) as amount
from posting_line
group by
    /* keys, */
    measure,
    chip,
    year
