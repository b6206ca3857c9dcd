-- How a measure spreads over nodes: tenth, quarter, half, three quarters, nine tenths, and mean; of nodes that were away and of the others, with the incident and without it (the twin).
with told as (
  select network, measure, away, 'with' as incident, value as amount from measured
  union all
  select network, measure, away, 'without' as incident, twin as amount from measured where twin is not null
)
select network, measure, away, incident, count(*) as nodes,
       quantile_cont(amount, 0.1) as low, quantile_cont(amount, 0.25) as lower, quantile_cont(amount, 0.5) as middle,
       quantile_cont(amount, 0.75) as upper, quantile_cont(amount, 0.9) as high, avg(amount) as mean
from told
group by network, measure, away, incident
order by network, measure, away desc, incident desc
