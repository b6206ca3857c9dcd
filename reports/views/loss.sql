-- What each network lost: over the ticks of the incident window, and over the whole run.
select network,
       sum(offered_milli) filter (where epochs.end_s - seconds >= onset_s and epochs.end_s <= window_end_s) as window_offered_milli,
       sum(served_milli) filter (where epochs.end_s - seconds >= onset_s and epochs.end_s <= window_end_s) as window_served_milli,
       min(served_milli::DOUBLE / nullif(offered_milli, 0)) filter (where epochs.end_s - seconds >= onset_s and epochs.end_s <= window_end_s) as window_worst,
       sum(offered_milli) as offered_milli,
       sum(served_milli) as served_milli,
       sum(degraded_milli) as degraded_milli
from epochs, run
group by network
order by network
