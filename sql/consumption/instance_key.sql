-- The name of a type of instance as it is compared: bills write it with and without a vendor's prefix, in any case [text].
create or replace macro instance_key(instance_type) as
    regexp_replace(lower(trim(instance_type)), '^(ml\.|standard_)', '');
comment on macro instance_key is
'The name of a type of instance as it is compared: bills write it with and without a vendor''s prefix, in any case [text]';
