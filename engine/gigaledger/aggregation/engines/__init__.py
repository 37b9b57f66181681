"""The engines that sum the buckets: each runs `sql/core/bucket.sql` where the rows are."""
