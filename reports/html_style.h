/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style of factsheet.html: one text, so that the page needs no other. */
#ifndef MK_REPORTS_HTML_STYLE_H
#define MK_REPORTS_HTML_STYLE_H

/* clang-format off */
#define MK_HTML_STYLE \
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1c2126;--soft:#4d5862;" \
    "--rule:#d3dae1;--band:#f2f5f8;--head:#154273;--warn:#7a1f1f;" \
    "--warn-paper:#fdf1f0}\n" \
    "@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6eaee;" \
    "--soft:#aab4be;--rule:#38424c;--band:#1c232a;--head:#9cc3ee;" \
    "--warn:#ffb4a9;--warn-paper:#3a1d1b}}\n" \
    "*{box-sizing:border-box}\n" \
    "body{margin:0;background:var(--paper);color:var(--ink);" \
    "font:1rem/1.5 system-ui,\"Segoe UI\",\"Noto Sans\",\"DejaVu Sans\"," \
    "sans-serif}\n" \
    "header,main,footer{max-width:54rem;margin:0 auto;padding:0 1.25rem}\n" \
    "header{padding-top:2rem}\n" \
    "h1{margin:0;font-size:1.65rem;line-height:1.25;color:var(--head)}\n" \
    "h1 span{display:block;font-weight:400;font-size:1.2rem;margin-top:.2rem;" \
    "color:var(--ink)}\n" \
    "h2{margin:0;font-size:1.2rem;line-height:1.3;color:var(--head)}\n" \
    "h2 b{display:inline-block;min-width:2.2rem;font-weight:400}\n" \
    ".marking{width:fit-content;margin:1rem 0 0;padding:.35rem .8rem;" \
    "border:2px solid var(--warn);background:var(--warn-paper);" \
    "color:var(--warn);font-weight:700;letter-spacing:.04em}\n" \
    "section .marking{margin:.4rem 0 0;padding:.05rem .5rem;border-width:1px;" \
    "font-size:.75rem}\n" \
    ".made{margin:1.25rem 0 0;display:grid;grid-template-columns:auto 1fr;" \
    "gap:.15rem 1.25rem;padding:.8rem 0;border-top:3px solid var(--head);" \
    "border-bottom:1px solid var(--rule)}\n" \
    ".made dt{color:var(--soft)}\n" \
    ".made dd{margin:0}\n" \
    "nav ul{list-style:none;margin:1rem 0 0;padding:0;display:flex;" \
    "flex-wrap:wrap;gap:.25rem 1.25rem}\n" \
    "a{color:var(--head)}\n" \
    ":focus-visible{outline:3px solid var(--head);outline-offset:2px}\n" \
    "section{margin-top:2.5rem}\n" \
    ".wide{overflow-x:auto;margin-top:.75rem}\n" \
    ".wide+.wide{margin-top:1.5rem}\n" \
    "table{border-collapse:collapse;width:100%;" \
    "font-variant-numeric:tabular-nums}\n" \
    "caption{text-align:left;color:var(--soft);padding:0 0 .4rem}\n" \
    "th,td{padding:.32rem .6rem;text-align:right;vertical-align:baseline;" \
    "border-bottom:1px solid var(--rule);white-space:nowrap}\n" \
    "th:first-child{text-align:left;padding-left:.25rem;white-space:normal;" \
    "min-width:11rem}\n" \
    "td:last-child,th:last-child{padding-right:.25rem}\n" \
    "thead th{border-bottom:2px solid var(--head);font-weight:600;" \
    "vertical-align:bottom}\n" \
    "tbody th{font-weight:400}\n" \
    "tbody th[scope=rowgroup]{font-weight:600;padding-top:1rem;" \
    "text-align:left}\n" \
    "tr.total th,tr.total td{font-weight:600;border-top:1px solid var(--head);" \
    "background:var(--band)}\n" \
    "td.total{font-weight:600}\n" \
    "th.of{padding-left:1.4rem!important}\n" \
    ".code{color:var(--soft);font-size:.85em;margin-left:.35rem}\n" \
    "td.mark{color:var(--soft)}\n" \
    "abbr{text-decoration:none}\n" \
    ".marks{display:grid;grid-template-columns:auto 1fr;gap:.1rem 1rem;" \
    "margin:.75rem 0 0}\n" \
    ".marks dd{margin:0}\n" \
    "ol{margin:.75rem 0 0;padding-left:1.9rem}\n" \
    "ol li{margin-bottom:.5rem}\n" \
    "footer{margin-top:2.5rem;padding-top:.8rem;padding-bottom:2rem;" \
    "color:var(--soft);font-size:.9rem}\n" \
    "@media (max-width:34rem){body{font-size:.95rem}header{padding-top:1.25rem}" \
    "h1{font-size:1.35rem}h1 span{font-size:1.05rem}" \
    ".made{grid-template-columns:1fr;gap:0}.made dd{margin-bottom:.4rem}" \
    "th,td{padding:.3rem .4rem}th:first-child{min-width:8rem}" \
    ".marks{gap:.1rem .75rem}}\n" \
    "@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;" \
    "--soft:#333;--rule:#999;--band:#fff;--head:#154273;--warn:#7a1f1f;" \
    "--warn-paper:#fff}body{font-size:9.5pt;line-height:1.3}" \
    "header,main,footer{max-width:none;padding:0}nav{display:none}" \
    "section{margin-top:7mm}.wide{overflow:visible}" \
    "table,tbody,tr,.marks{break-inside:avoid}" \
    "h2,caption,section .marking{break-after:avoid}" \
    "th,td{padding:.6mm 2mm}a{color:inherit;text-decoration:none}}\n"
/* clang-format on */

#endif
