"""The aggregation core: buckets of any number of rows, summed once by an engine, then rated draw by draw."""
