#include "rebut/pack_html.h"

#include "html_parts.h"

static const char style[] =
    ":root{color-scheme:light dark;--f:#1a1a1a;--b:#fff;--s:#555;--l:#c8c8c8;"
    "--p:#a3201a;--n:#1b5e8a;--i:#9cc0d8;--w:#fff4e0}"
    "@media screen and (prefers-color-scheme:dark){:root{--f:#eaeaea;--b:#161616;"
    "--s:#b4b4b4;--l:#4a4a4a;--p:#ff9a90;--n:#8ac6f0;--i:#3f7396;--w:#3a2c10}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:56rem;padding:1rem;color:var(--f);background:var(--b);"
    "font:1rem/1.55 \"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\","
    "\"WenQuanYi Micro Hei\",sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.4rem;line-height:1.3;margin:.2rem 0 .6rem}"
    "h2{font-size:1.15rem;margin:1.8rem 0 .5rem;border-bottom:2px solid var(--l)}"
    "h3{font-size:1rem;margin:1rem 0 .2rem}h4{font-size:.9rem;margin:.3rem 0 0}"
    "p{margin:.3rem 0}ul{margin:.2rem 0;padding-left:1.2rem}"
    "table{border-collapse:collapse;width:100%;margin:.6rem 0}"
    "caption{text-align:left;font-weight:600;padding:.2rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;"
    "border-bottom:1px solid var(--l)}th{font-weight:400}thead th{color:var(--s)}"
    "tbody th{width:30%}.f "
    "th{width:45%}td.k{font-variant-numeric:tabular-nums;width:8.5rem}"
    ".s{color:var(--s);font-size:.875rem}"
    ".w{background:var(--w);border:1px solid var(--p);border-left-width:.4rem;"
    "padding:.5rem .8rem;margin:.6rem 0}.o{font-size:1.15rem;font-weight:600}"
    "blockquote{margin:.3rem 0;border-left:.2rem solid var(--l);padding-left:.6rem}"
    ".c{border:1px dotted var(--p);font-size:.75rem;padding:0 .15rem}"
    ".y{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(17rem,100%),1fr));"
    "gap:.2rem 1.5rem}.e{display:flex;justify-content:space-between;margin:0}"
    "svg{display:block}svg.r{width:100%;max-width:16rem}svg.b{width:7.5rem;max-width:100%"
    "}"
    ".a{stroke:var(--s);fill:none}.u{stroke:var(--f);stroke-dasharray:2 2;fill:none}"
    ".d{white-space:nowrap}.i{stroke:var(--i);stroke-width:7;fill:none}svg.r "
    "circle{fill:var(--b);stroke:var(--f);stroke-width:1.8}"
    "rect.p{fill:var(--p)}rect.n{fill:none;stroke:var(--n);stroke-width:1.5}"
    ".m{fill:var(--b);stroke:var(--f)}.v{stroke-dasharray:2 2}.g{fill:var(--f)}"
    ".t text{font-size:11px;text-anchor:middle;fill:var(--f)}.t text.h{fill:var(--b)}"
    "@media(max-width:32rem){td.k{width:6rem}th,td{padding-right:.35rem}}"
    "@media print{body{max-width:none;font-size:10pt;padding:0}h1,h2,h3,h4,caption,"
    "thead,tbody tr:first-child{break-after:avoid}tbody "
    "tr:last-child{break-before:avoid}tr,li,svg,.w,blockquote,section{break-inside:avoid}"
    "th,td{padding:.1rem .6rem .1rem 0}h2+p{break-after:avoid}"
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "@page{size:A4;margin:16mm}}";

void rebut_pack_write_html(const struct rebut_pack *pack, enum rebut_language language,
                           struct rebut_output *out)
{
    const struct page page = {pack, language, out};
    rebut_output_print(
        out,
        "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta "
        "charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>%s ",
        language == REBUT_CHINESE ? "zh-CN" : "en",
        say(&page, "仅退款请求证据", "Evidence on refund-only request"));
    rebut_html_escape(out, pack->header.request_id);
    rebut_output_print(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n",
                       style);
    rebut_html_head(&page);
    rebut_html_timeline(&page);
    rebut_html_sheet(&page);
    rebut_html_buyer(&page);
    rebut_html_shop(&page);
    rebut_html_elsewhere(&page);
    rebut_html_score(&page);
    rebut_html_notice(&page);
    rebut_output_print(out, "</main>\n</body>\n</html>\n");
}
