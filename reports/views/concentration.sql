-- How evenly each regime pays: who earns at all, Gini, and what the best-paid hundredth and tenth got, without the incident.
select regime, part, place, network, measure, unit, nodes, earners, total,
       gini_ppm / 1e6 as gini, top1_ppm / 1e6 as top1, top10_ppm / 1e6 as top10
from spread
where disturbed = 0
order by place, part, measure
