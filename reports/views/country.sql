-- The countries that carried the loss: nodes, demand and what was lost of it, in the incident window (or the run).
with asked as (
  select network, country,
         case when onset_s is null then offered_milli else window_offered_milli end as asked_milli,
         case when onset_s is null then served_milli else window_served_milli end as answered_milli
  from nodes, run
)
select network, country, count(*) as nodes, sum(asked_milli) as asked_milli,
       sum(asked_milli) - sum(answered_milli) as lost_milli,
       sum(sum(asked_milli) - sum(answered_milli)) over (partition by network) as all_lost_milli,
       row_number() over (partition by network order by sum(asked_milli) - sum(answered_milli) desc, country) as rank
from asked
group by network, country
qualify rank <= 8
order by network, rank
