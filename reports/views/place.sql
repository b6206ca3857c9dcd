-- Where each node is and what fraction of its demand was lost: in the incident window, or over the run if there was none.
with asked as (
  select nodes.*,
         case when onset_s is null then offered_milli else window_offered_milli end as asked_milli,
         case when onset_s is null then served_milli else window_served_milli end as answered_milli
  from nodes, run
)
select network, lat_e7 / 1e7 as lat, lng_e7 / 1e7 as lng, country, grid, asn, provider, region, client, operator,
       case when asked_milli > 0 then 1 - answered_milli::DOUBLE / asked_milli end as lost
from asked
order by network, node
