with registered as (
    select
        *,
        'registry' as origin
    from {{ ref('stg_circulars') }}
),

shipped as (
    select
        circular_id,
        title,
        organ,
        period,
        subject_kind,
        registered,
        checked,
        failed_listed,
        rate_stated,
        'shipped' as origin
    from {{ ref('published_circulars') }}
)

-- The office's own reading of a circular goes before the one that comes with the product.
select * from registered
union all by name
select shipped.* from shipped
anti join registered using (circular_id, period, subject_kind)
