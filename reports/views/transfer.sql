-- Who lost and who gained in total: losers, winners and sums of every measure against its twin.
select network, measure,
       count(*) filter (where value < twin) as losers,
       count(*) filter (where value > twin) as winners,
       count(*) filter (where value = twin) as same,
       sum(value) as total,
       sum(twin) as twin_total,
       coalesce(sum(twin - value) filter (where value < twin), 0) as taken,
       coalesce(sum(value - twin) filter (where value > twin), 0) as given
from paired
group by network, measure
order by network, measure
