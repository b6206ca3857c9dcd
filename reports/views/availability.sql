-- The fraction served in each tick, by network. A tick covers [begin_s, end_s).
select network, end_s - seconds as begin_s, end_s, offered_milli, served_milli,
       served_milli::DOUBLE / offered_milli as served
from epochs
where offered_milli > 0
order by network, end_s
