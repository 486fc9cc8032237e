/** Colours are the reader's own, light or dark; paper is always light. What a colour says, a word or a dash says as well. */
export const style = `
:root{--paper:#fff;--panel:#f6f7f9;--text:#1b1f24;--quiet:#5b6470;--rule:#dfe3e8;--grid:#eceff2;--band:#f6f7f9;--strong:#e9eef7;
--l1:#2563c9;--l2:#b4540a;--l3:#7a3fb8;--l4:#0f7a6c;--l5:#a8326e;--l6:#5f6b1c;--limit:#b3261e;--good:#17703a;--warn:#8a5a00;--bad:#b3261e;--doubt:#7a3fb8}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--panel:#1c2026;--text:#e6e9ed;--quiet:#9aa4b1;--rule:#30363e;--grid:#252a31;--band:#191d22;--strong:#1d2733;
--l1:#7aa9f7;--l2:#f0a05a;--l3:#c39bf0;--l4:#58c7b4;--l5:#f08bbd;--l6:#c3cf6a;--limit:#ff8f86;--good:#6fcf93;--warn:#e9b950;--bad:#ff8f86;--doubt:#c39bf0}}
@media print{:root{--paper:#fff;--panel:#f6f7f9;--text:#000;--quiet:#444;--rule:#ccc;--grid:#e6e6e6;--band:#f6f7f9;--strong:#e9eef7;
--l1:#2563c9;--l2:#b4540a;--l3:#7a3fb8;--l4:#0f7a6c;--l5:#a8326e;--l6:#5f6b1c;--limit:#b3261e;--good:#17703a;--warn:#8a5a00;--bad:#b3261e;--doubt:#7a3fb8}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
body{margin:0}
main{max-width:1104px;margin:0 auto;padding:40px 32px 64px}
h1,h2,h3,p,figure,dl,dd,ul{margin:0}
h1{font-size:30px;line-height:1.2;font-weight:650;letter-spacing:-.01em}
h1 .at{color:var(--quiet);font-weight:400}
h2{font-size:20px;line-height:1.3;font-weight:650;margin:0 0 10px}
h3{font-size:15px;font-weight:600}
section{margin-top:48px;padding-top:24px;border-top:1px solid var(--rule)}
.kicker,.note,small,caption,figcaption .note{color:var(--quiet)}
.kicker{font-size:13px;margin-bottom:4px}
.note{font-size:13px}
small{display:block;font-size:12px;line-height:1.4;font-weight:400}
summary small{display:inline}
.verdict{margin:14px 0 8px;font-size:18px;line-height:1.45}
.badge{display:inline-block;white-space:nowrap;font-size:13px;font-weight:600;line-height:20px;padding:0 8px;border-radius:10px;border:1px solid currentColor}
.verdict .badge{font-size:16px;line-height:26px;border-radius:13px;padding:0 12px;margin-right:6px}
.pass,.improvement{color:var(--good)}.degraded{color:var(--warn)}.fail,.regression{color:var(--bad)}.inconclusive,.unknown{color:var(--doubt)}.skipped,.noise,.small{color:var(--quiet)}
.advice{margin:12px 0;max-width:75ch}
.advice div{display:grid;grid-template-columns:7.5em minmax(0,1fr);column-gap:14px;margin-top:6px}
.advice dt{grid-column:1;font-weight:600}
.advice dd{grid-column:2;overflow-wrap:anywhere}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:20px 28px;margin-top:28px}
.figures dt{font-size:13px;color:var(--quiet)}
.figures dd{font-size:26px;line-height:1.25;font-weight:600;letter-spacing:-.01em}
.figures small{letter-spacing:0}
table{border-collapse:collapse;width:100%;font-size:13.5px}
caption{text-align:left;font-size:13px;padding:0 0 4px}
th,td{text-align:left;vertical-align:top;padding:7px 16px 7px 0;border-top:1px solid var(--rule)}
thead th{border-top:0;font-size:12.5px;font-weight:500;color:var(--quiet);vertical-align:bottom;line-height:1.35}
tbody th{font-weight:500}
.promise{white-space:nowrap}
.n{text-align:right;white-space:nowrap}
.wrap{overflow-wrap:anywhere}
th small{overflow-wrap:anywhere}
.scroll{overflow-x:auto}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--l1);outline-offset:2px}
section>table+table,section>p+table,section>p+.columns,.columns+details{margin-top:18px}
section ul{padding-left:18px;margin:8px 0}
.columns{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:28px 24px;align-items:start}
figure{margin-top:28px;min-width:0}
.columns>figure{margin-top:8px}
figcaption{margin-bottom:8px}
figure+.scroll{margin-top:18px}
.counts{width:auto;min-width:50%}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;padding:0!important;margin:4px 0 0!important;font-size:12.5px}
.legend svg{width:26px;height:8px;margin-right:6px;vertical-align:middle;display:inline}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font-size:11.5px;fill:var(--quiet)}
.narrow{display:none;max-width:480px}
.grid{stroke:var(--grid)}.stroke{stroke:var(--rule)}.edge{stroke:var(--rule);stroke-dasharray:2 3}
.band{fill:none}.band.strong{fill:var(--strong)}
.line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.l1{stroke:var(--l1)}.l2{stroke:var(--l2);stroke-dasharray:6 4}.l3{stroke:var(--l3);stroke-dasharray:2 4}.l4{stroke:var(--l4);stroke-dasharray:10 3 2 3}.l5{stroke:var(--l5);stroke-dasharray:4 2}.l6{stroke:var(--l6);stroke-dasharray:1 3}
.dot{stroke-dasharray:none}
.dot.l1{fill:var(--l1)}.dot.l2{fill:var(--l2)}.dot.l3{fill:var(--l3)}.dot.l4{fill:var(--l4)}.dot.l5{fill:var(--l5)}.dot.l6{fill:var(--l6)}
.limit,.mark{stroke:var(--limit);stroke-width:1.2;fill:none}.mark{stroke:var(--text);stroke-dasharray:3 3}
svg .limit-label{fill:var(--limit)}svg .mark-label{fill:var(--text);font-weight:600}
svg .limit-label,svg .mark-label{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
.tip{fill:transparent}.tip:hover{fill:var(--text);fill-opacity:.08}
.funnel .bar{height:4px;margin-top:5px;background:var(--grid)}.bar rect{fill:var(--l1)}
details{margin-top:6px;font-size:13px}
summary{cursor:pointer;color:var(--quiet);display:inline-block;list-style:none}summary::-webkit-details-marker{display:none}summary::before{content:"▸ "}details[open]>summary::before{content:"▾ "}
details .scroll{max-height:320px;overflow:auto;margin-top:6px}
details table{width:auto;min-width:50%}
pre{background:var(--panel);border-radius:6px;padding:12px 16px;margin:0 0 12px;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.93em}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:760px){.advice div{display:block}main{padding:24px 16px 48px}.columns{grid-template-columns:minmax(0,1fr)}.wide{display:none}.narrow{display:block}h1{font-size:25px}.figures{grid-template-columns:repeat(2,minmax(0,1fr));gap:16px}.figures dd{font-size:22px}section{margin-top:36px}.scroll table{min-width:560px}details .scroll table{min-width:0}.objectives table{min-width:820px}}
@media print{@page{margin:14mm}main{max-width:none;padding:0}section{margin-top:24px;padding-top:14px}figure,tr,.figures div{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}.tip,details{display:none}.wide{display:block}.narrow{display:none}.columns{grid-template-columns:repeat(2,minmax(0,1fr))}html{font-size:12px}table{font-size:10.5px}th,td{padding-right:9px}thead th,caption,.note{font-size:10.5px}small,.legend{font-size:9.5px}td .badge{font-size:10px;line-height:15px;padding:0 6px}.objectives tbody th{width:32%}.n{white-space:normal}td.n{white-space:nowrap}svg text{font-size:13px}.verdict{font-size:15px}.figures{grid-template-columns:repeat(auto-fit,minmax(110px,1fr))}.figures dd{font-size:20px}caption,h2+p{break-after:avoid}table.counts,.columns>table{break-inside:avoid}}
`.trim()
