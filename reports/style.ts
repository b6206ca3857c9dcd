/** The one style sheet of a report: a readable column, charts at their own size, tables that line up, a phone and a printer. */
import { paletteCss } from "./palette.ts"

export const css = `${paletteCss}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:976px;padding:20px 32px 64px}
.run{color:var(--soft);font-size:13px;margin:0;max-width:none}
h1{font-size:26px;line-height:1.22;margin:6px 0 10px;letter-spacing:-.01em;text-wrap:balance}
.answer{font-size:18px;line-height:1.42;margin:0 0 10px;max-width:52em}
.answer b{font-weight:650;white-space:nowrap}
h2{font-size:21px;line-height:1.25;margin:56px 0 4px;letter-spacing:-.005em;text-wrap:balance}
h3{font-size:16px;margin:28px 0 4px}
header+section h2{margin-top:16px}
p{max-width:46em}
li{overflow-wrap:anywhere}
.under{color:var(--soft);font-size:14px;margin:0 0 10px;max-width:62em}
.absent{color:var(--soft);border-left:3px solid var(--line);padding:2px 0 2px 12px;margin:8px 0}
figure{margin:0}
figure svg{display:block;max-width:100%;height:auto;overflow:visible}
.narrow,.phone{display:none}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:8px 32px}
.pair>*{min-width:0}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums;margin:8px 0}
caption{text-align:left;color:var(--soft);padding-bottom:4px}
th,td{text-align:left;padding:5px 16px 5px 0;vertical-align:top;border-bottom:1px solid var(--line)}
th{font-weight:600;vertical-align:bottom;line-height:1.3}
th small{display:block;font-weight:400;color:var(--soft);font-size:12px}
.n{text-align:right}
th:last-child,td:last-child{padding-right:0}
.scroll{overflow-x:auto;max-width:100%}
.dot{display:inline-block;width:10px;height:10px;border-radius:50%;margin-right:7px;vertical-align:baseline}
.broken{color:var(--loss);font-weight:650}
dl{font-size:14px;display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:12px 0}
dt{font-weight:600}dd{margin:0;max-width:48em}
ul.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 18px;padding:0;margin:6px 0 10px;font-size:13px;color:var(--soft)}
ul.legend li{white-space:nowrap}ul.legend b{color:var(--ink);font-variant-numeric:tabular-nums}
ol.moments{font-size:13px;margin:6px 0 0;padding-left:22px;color:var(--soft)}
details{margin:6px 0;font-size:14px}
summary{cursor:pointer;color:var(--soft)}
pre{background:var(--wash);padding:10px 12px;overflow-x:auto;font-size:12.5px;line-height:1.45;border-radius:4px;max-width:100%}
code{font-family:ui-monospace,monospace;font-size:.92em;overflow-wrap:anywhere}
button{font:12px system-ui,sans-serif;color:var(--soft);background:none;border:1px solid var(--line);border-radius:4px;padding:2px 8px;cursor:pointer}
button:focus-visible,summary:focus-visible{outline:2px solid var(--helium);outline-offset:2px}
.mark{background:var(--wash);border-radius:3px;padding:0 4px;font-size:12px;font-weight:600;white-space:nowrap}
@media (max-width:640px){
 body{padding:14px 16px 48px}
 h1{font-size:21px}.answer{font-size:16px}h2{font-size:18px;margin-top:44px}
 .wide{display:none}.narrow,.phone{display:block}.pair{grid-template-columns:1fr}
 dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}
 th,td{padding-right:12px}
 .scroll td:first-child{min-width:10.5em}
 .cards thead{display:none}
 .cards tr{display:block;padding:10px 0;border-bottom:1px solid var(--line)}
 .cards td,.cards .n{display:block;border:0;padding:2px 0;text-align:left}
}
@media print{
 html{font-size:12px}body{max-width:none;padding:0}button{display:none}
 h2,h3{break-after:avoid}figure,tr{break-inside:avoid}.scroll{overflow:visible}
 table{font-size:9.5px}th small,td small{font-size:8px}th,td{padding:3px 7px 3px 0}th{overflow-wrap:anywhere}
}`

/** Adds a button to every table, and unfolds long tables for the printer. Without scripts the tables are simply tables. */
export const script = `for(const t of document.querySelectorAll("table")){
const b=document.createElement("button");b.type="button";b.textContent="Copy as CSV";
b.onclick=()=>{const q=s=>/[",\\n]/.test(s)?'"'+s.replaceAll('"','""')+'"':s;
const c=[...t.rows].map(r=>[...r.cells].map(d=>q((d.dataset.csv??d.textContent).trim().replace(/\\s+/g," "))).join(",")).join("\\n");
const done=()=>{b.textContent="Copied";setTimeout(()=>{b.textContent="Copy as CSV"},1500)};
const old=()=>{const a=document.createElement("textarea");a.value=c;document.body.append(a);a.select();document.execCommand("copy");a.remove();done()};
if(navigator.clipboard)navigator.clipboard.writeText(c).then(done,old);else old()};
(t.closest(".scroll")??t).after(b)}
addEventListener("beforeprint",()=>{for(const d of document.querySelectorAll("details.long"))d.open=true})`
