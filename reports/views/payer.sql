-- The countries and autonomous systems whose nodes lost most against their twins, and how many nodes they hold.
with grouped as (
  select network, measure, 'country' as kind, country as value_of, value, twin from paired
  union all
  select network, measure, 'asn' as kind, asn as value_of, value, twin from paired
)
select network, measure, kind, value_of, count(*) as nodes, sum(value - twin) as change, sum(twin) as twin,
       row_number() over (partition by network, measure, kind order by sum(value - twin), value_of) as rank
from grouped
group by network, measure, kind, value_of
qualify rank <= 8
order by network, measure, kind, rank
