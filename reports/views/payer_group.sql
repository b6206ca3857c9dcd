-- Nodes that were away for a time (not running, or without a way to the internet) and all others: sums of each measure, with its twin's.
select network, measure, away, count(*) as nodes, sum(value) as value, sum(twin) as twin
from measured
group by network, measure, away
order by network, measure, away desc
