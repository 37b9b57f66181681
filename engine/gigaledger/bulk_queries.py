"""Queries that put the lines of a reconciliation into the order of arrays; ids become places, from 0, -1 for none.

The macros stand without their arguments, because their rows are kept while they are asked (see `Ledger.keeping`).
"""

from __future__ import annotations

# Each table gives the places of ids, or of pairs of ids.
PLACES = {
    "bulk_programme": """
        select programme_id, (row_number() over (order by programme_id) - 1)::integer as place
        from programme
    """,
    "bulk_site": """
        select site_id, (row_number() over (order by site_id) - 1)::integer as place
        from (
            select site_id from claim_line_as_of(null)
            union
            select owner_id as site_id from unit_line_as_of(null, null) where stage is not null
        )
    """,
    "bulk_layer": """
        select layer, (row_number() over (order by layer) - 1)::integer as place
        from (select distinct layer from claim_line_as_of(null))
    """,
    "bulk_stream": """
        select stream_id, drawn_id, (dense_rank() over (order by drawn_id) - 1)::integer as place
        from (
            select stream_id, shared_stream(stream_id, count(*) over () > shared_stream_count()) as drawn_id
            from (select distinct stream_id from own_spread_as_of(null, null))
        )
    """,
    "bulk_shape": """
        select shape_id, any_value(columns(* exclude (shape_id, stream_id)))
        from own_spread_as_of(null, null)
        group by shape_id
    """,
    "bulk_path": """
        from unit_path_as_of(null, null)
    """,
    "bulk_rate": """
        select path_id, target_measure, rate_id - 1 as place
        from unit_rate_as_of(null, null)
    """,
}

# The measures asked for in their order, then those in which stages of sites are compared.
TARGETS = """
    with target as (
        select unnest($1::varchar[]) as measure
        union
        select target_measure as measure from unit_line_as_of(null, null) where target_measure is not null
    )

    select
        measure,
        list_contains($1::varchar[], measure) as is_asked,
        (
            row_number() over (order by is_asked desc, list_position($1::varchar[], measure), measure) - 1
        )::integer as place
    from target
"""

SPREAD = "coalesce(shape.shape_id - 1, -1)::bigint as shape, coalesce(stream.place, -1)::bigint as stream"
JOINED_SPREAD = """
    left join bulk_shape as shape
        on line.low = shape.low and line.best = shape.best and line.high = shape.high
        and line.distribution = shape.distribution and line.smallest_factor = shape.smallest_factor
        and line.largest_factor = shape.largest_factor
    left join bulk_stream as stream using (stream_id)
"""

# One row per deal and measure asked for, by day and programme; last those that count for none.
DEALS = f"""
    select
        line.day,
        coalesce(programme.place, (select count(*) from programme))::bigint as programme,
        line.owner_id as deal_id,
        line.weight,
        {SPREAD},
        rate.place::bigint as rate
    from unit_line_as_of(null, null) as line
    left join top_deal on line.owner_id = top_deal.deal_id
    left join bulk_programme as programme using (programme_id)
    {JOINED_SPREAD}
    inner join bulk_target as target on target.is_asked
    inner join bulk_rate as rate on line.path_id = rate.path_id and target.measure = rate.target_measure
    where line.stage is null
    order by line.day, 2, line.owner_id, target.place
"""

# One row per claim, by day, programme, site and layer; layer_key holds the last three.
CLAIMS = f"""
    with line as (
        select
            *, share_best as best, 'uniform' as distribution, 0.0 as smallest_factor, 1.0 as largest_factor,
            low < high as has_spread
        from claim_line_as_of(null)
    )

    select
        line.day,
        programme.place::bigint as programme,
        (programme.place::bigint * (select count(*) from bulk_site) + site.place) * (select count(*) from bulk_layer)
        + layer.place as layer_key,
        case when line.has_spread then 1 else least(1, line.best) end as weight,
        {SPREAD}
    from line
    inner join bulk_programme as programme using (programme_id)
    inner join bulk_site as site using (site_id)
    inner join bulk_layer as layer using (layer)
    {JOINED_SPREAD}
    order by line.day, layer_key, line.claim_id
"""

# One row per line of a site in each target, by day and site.
LINES = f"""
    select
        line.day,
        site.place::bigint as site,
        target.place::bigint as target,
        (list_position(['operational', 'under_construction', 'planned'], line.stage) - 1)::bigint as stage,
        line.weight,
        {SPREAD},
        rate.place::bigint as rate
    from unit_line_as_of(null, null) as line
    inner join bulk_site as site on line.owner_id = site.site_id
    inner join bulk_target as target on line.target_measure = target.measure
    inner join bulk_rate as rate on line.path_id = rate.path_id and line.target_measure = rate.target_measure
    {JOINED_SPREAD}
    where line.stage in ('operational', 'under_construction', 'planned')
    order by line.day, site.place, target.place, stage, line.line_id
"""

# The measure in which the construction (stage 1) or plan (stage 2) of a site is stated, per measure asked for.
COMPARED = """
    select distinct
        line.day,
        site.place::bigint as site,
        target.place::bigint as measure,
        case line.stage when 'under_construction' then 1 else 2 end::bigint as stage,
        stated.place::bigint as target
    from unit_line_as_of(null, null) as line
    inner join bulk_site as site on line.owner_id = site.site_id
    inner join bulk_target as target on line.target_measure = target.measure and target.is_asked
    inner join bulk_target as stated on line.measure = stated.measure
    where line.stage in ('under_construction', 'planned')
"""

# What each shape is worth in each stratum, from 0.
SHAPES = """
    select
        shape.shape_id - 1 as place,
        stratum.draw - 1 as draw,
        own_factor(
            shape.low, shape.best, shape.high, shape.distribution, shape.smallest_factor, shape.largest_factor,
            stratum.z, stratum.u
        ) as amount
    from bulk_shape as shape
    cross join stratum
"""
# By what the strata of each stream are sorted, the lower and the upper of each pair.
STRATA = """
    select
        place,
        pair,
        pair_order(hash, false) as lower_order,
        pair_order(hash, true) as upper_order
    from (
        select stream.place, stratum.pair, pair_hash(run.seed, stream.drawn_id, stratum.pair) as hash
        from (
            select unnest($1::varchar[]) as drawn_id, unnest(range(len($1))) as place
        ) as stream
        cross join (select pair from stratum where not is_upper) as stratum
        cross join run
    )
"""

# What stands in for `own_deviate_as_of`, `programme_pledge_draw_as_of` and `programme_identified_draw_as_of`.
OWN_DEVIATES = (
    "select stream.stream_id, deviate.draws from bulk_stream as stream inner join bulk_deviate as deviate using (place)"
)
PLEDGES = """
    select
        programme.programme_id,
        target.measure,
        bulk.draw::integer as draw,
        nullif(bulk.pledged, 'nan'::double) as pledged
    from bulk_pledge as bulk
    inner join bulk_programme as programme on bulk.owner = programme.place
    inner join bulk_target as target on bulk.measure = target.place
"""
IDENTIFIED = """
    select
        programme.programme_id,
        target.measure,
        bulk.draw::integer as draw,
        nullif(bulk.operational, 'nan'::double) as operational,
        nullif(bulk.under_construction, 'nan'::double) as under_construction,
        nullif(bulk.planned, 'nan'::double) as planned
    from bulk_identified as bulk
    inner join bulk_programme as programme on bulk.owner = programme.place
    inner join bulk_target as target on bulk.measure = target.place
"""
