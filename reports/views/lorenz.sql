-- How evenly rewards are spread: nodes from the least to the best paid against their share of all that was paid, in 200 steps.
with ranked as (
  select network, measure, row_number() over poorest as rank, count(*) over everyone as nodes,
         sum(value) over (poorest rows unbounded preceding) as so_far, sum(value) over everyone as total
  from earning
  window poorest as (partition by network, measure order by value, node), everyone as (partition by network, measure)
)
select network, measure, nodes, total, rank::DOUBLE / nodes as share, so_far / total as paid
from ranked
where total > 0 and (rank = 1 or rank = nodes or rank * 200 // nodes > (rank - 1) * 200 // nodes)
order by network, measure, rank
