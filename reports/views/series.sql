-- Each network's own metrics over time, in the order of its columns; a metric that never changes is left out.
select network, metric, position, end_s - seconds as begin_s, end_s, seconds, value,
       min(value) over one as low, max(value) over one as high
from metric
window one as (partition by network, metric)
qualify low < high
order by network, position, end_s
