-- The buckets of a source: amounts summed by key and by path (how they are stated: measure, chip, year).
-- The one text that touches every row; DuckDB, Polars and Spark run it. It stands here for a question without keys: keys, or the
-- codes of keys and paths where the engine keeps codes, take the place of the three columns. A null amount is not 0: it is counted.
-- One row per combination of the columns.
select
    measure,
    chip,
    year,
    count(*) as row_count,
    count(amount) as amount_count,
    sum(amount) as amount
from posting_line
group by
    measure,
    chip,
    year
