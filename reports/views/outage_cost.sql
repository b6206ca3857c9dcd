-- What nodes of each regime earned in the incident, beside the same days without it.
select calm.regime, calm.part, calm.place, calm.network, calm.measure, calm.unit, calm.total as without, met.total as with_it,
       1 - met.total::DOUBLE / calm.total as lost
from spread as calm
join spread as met on met.disturbed = 1 and met.regime = calm.regime and met.network = calm.network and met.measure = calm.measure
where calm.disturbed = 0 and calm.total > 0
order by calm.place, calm.part, calm.measure
