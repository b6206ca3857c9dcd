-- The fraction served in the incident window at each value of each swept parameter: mean and range over seeds.
select axis, parameter, value, network,
       avg(window_served_milli::DOUBLE / window_offered_milli) as served,
       min(window_served_milli::DOUBLE / window_offered_milli) as served_low,
       max(window_served_milli::DOUBLE / window_offered_milli) as served_high,
       count(distinct seed) as seeds
from sweep
where window_offered_milli > 0
group by axis, parameter, value, network
order by axis, network, value
