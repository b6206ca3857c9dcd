-- Each network's own metrics tick by tick, those included that never change.
select network, metric, end_s - seconds as begin_s, end_s, seconds, value
from metric
order by network, metric, end_s
