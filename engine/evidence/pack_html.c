#include "rebut/pack_html.h"

#include "html_parts.h"

static const char style[] =
    ":root{color-scheme:light "
    "dark;--f:#1a1a1a;--b:#fff;--s:#5a5a5a;--l:#c8c8c8;--p:#b3261e;--n:#1b5e8a;--w:#"
    "fff4e0}"
    "@media(prefers-color-scheme:dark){:root{--f:#eaeaea;--b:#161616;--s:#b0b0b0;"
    "--l:#4a4a4a;--p:#ff8a80;--n:#8ac6f0;--w:#3a2c10}}"
    "*{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:1rem;"
    "color:var(--f);background:var(--b);font:1rem/1.55 \"Noto Sans CJK SC\","
    "\"WenQuanYi Micro Hei\",\"PingFang SC\",\"Microsoft YaHei\",sans-serif}"
    "h1{font-size:1.4rem;margin:.2rem 0}h2{font-size:1.15rem;margin:1.6rem 0 .4rem;"
    "border-bottom:2px solid var(--l)}h3{font-size:1rem;margin:.8rem 0 .2rem}"
    "p{margin:.3rem 0}ul{margin:.2rem 0;padding-left:1.2rem}"
    ".t{overflow-x:auto}table{border-collapse:collapse;width:100%}"
    "caption{text-align:left;color:var(--s);padding:.2rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.2rem .5rem .2rem 0;"
    "border-bottom:1px solid var(--l)}th{font-weight:600}"
    "td.k{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    "td.h,time{white-space:nowrap}.s{color:var(--s);font-size:.9rem}"
    ".w{background:var(--w);border-left:.4rem solid var(--p);padding:.5rem .8rem}"
    ".o{font-size:1.15rem;font-weight:600}.q{border-left:.2rem solid var(--l);"
    "padding-left:.6rem;overflow-wrap:anywhere}.c{border:1px dotted var(--p);"
    "font-size:.75rem;padding:0 .15rem}bdi{overflow-wrap:anywhere}"
    "svg.r{width:10.5rem;height:1rem}svg.b{width:7.8rem;height:.75rem}"
    ".a{stroke:var(--s);fill:none}.u{stroke:var(--f);stroke-dasharray:2 2;fill:none}"
    ".i{stroke:var(--n);stroke-width:4;fill:none}circle{fill:var(--f)}"
    "rect.p{fill:var(--p)}rect.n{fill:none;stroke:var(--n);stroke-width:1.5}"
    "@media(max-width:32rem){td.k{white-space:normal}svg.r{width:7rem}}"
    "@media print{body{max-width:none;font-size:10pt;padding:0}h2{break-after:avoid}"
    "tr,h3{break-inside:avoid}@page{size:A4;margin:16mm}}";

void rebut_pack_write_html(const struct rebut_pack *pack, enum rebut_language language,
                           struct rebut_output *out)
{
    const struct page page = {pack, language, out};
    rebut_output_print(out,
                       "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta "
                       "charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
                       "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n"
                       "<meta name=\"referrer\" content=\"no-referrer\">\n<title>%s ",
                       language == REBUT_CHINESE ? "zh-CN" : "en",
                       say(&page, "仅退款请求证据", "Evidence on refund-only request"));
    rebut_html_escape(out, pack->header.request_id);
    rebut_output_print(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n",
                       style);
    rebut_html_head(&page);
    rebut_html_timeline(&page);
    rebut_html_sheet(&page);
    rebut_html_records(&page);
    rebut_html_elsewhere(&page);
    rebut_html_score(&page);
    rebut_html_notice(&page);
    rebut_output_print(out, "</main>\n</body>\n</html>\n");
}
