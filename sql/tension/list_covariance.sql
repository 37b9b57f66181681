-- The covariance of two aligned lists of draws [product of their units].
create or replace macro list_covariance(one, other) as
    list_dot_product(one, other) / len(one) - list_avg(one) * list_avg(other);
comment on macro list_covariance is 'Covariance of two aligned lists of draws [product of their units]';
