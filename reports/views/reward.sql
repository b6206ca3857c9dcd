-- Every node's measure against its twin (same seed, no incident), ranked from the largest relative loss, in 400 steps.
with change as (
  select network, measure, value / twin - 1 as change, row_number() over ranked as rank, count(*) over (partition by network, measure) as nodes
  from paired
  where twin > 0
  window ranked as (partition by network, measure order by value / twin, node)
)
select network, measure, rank::DOUBLE / nodes as share, change
from change
where rank = 1 or rank = nodes or rank * 400 // nodes > (rank - 1) * 400 // nodes
order by network, measure, rank
