-- The share-weighted mean over the members of a mix; null when a member lacks the value (unknown is never 0).
create or replace macro mean_of_mix(amount, share) as
    case when count(amount) = count(*) then sum(amount * share) end;
comment on macro mean_of_mix is 'Share-weighted mean over the members of a mix; null when a member lacks the value [unit of the amount]';
