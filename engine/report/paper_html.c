/* A report as one HTML file: no script, nothing fetched, light and dark, for print too.
 */
#include "paper.h"

static const char head[] =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
    "<style>\n"
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1b2027;--quiet:#5b646f;"
    "--grid:#d9dce1;--c0:#7a1f3d;--c1:#2f6db5;--c2:#e08a2e;--c3:#a5d0a0;--c4:#dfe2e6;"
    "--edge:#fff;--on:#fff}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#14171c;--ink:#e8eaed;"
    "--quiet:#a0a8b2;--grid:#3a4048;--c0:#b23a63;--c1:#4a86cc;--c2:#e29a4a;"
    "--c3:#a5d0a0;--c4:#dfe2e6;--edge:#14171c}}\n"
    "@media print{:root{--paper:#fff;--ink:#000;--quiet:#444;--grid:#ccc;--c0:#7a1f3d;"
    "--c1:#2f6db5;--c2:#e08a2e;--c3:#a5d0a0;--c4:#dfe2e6;--edge:#fff}"
    "body{margin:0;max-width:none;font-size:10px}tr,svg{break-inside:avoid}"
    "h2,caption{break-after:avoid}thead{display:table-header-group}}\n"
    "@page{size:A4;margin:14mm}\n"
    "body{background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,\"PingFang "
    "SC\",\"Microsoft YaHei\",\"WenQuanYi Micro Hei\",sans-serif;max-width:1040px;"
    "margin:2em auto;padding:0 1em}\n"
    "h1{font-size:1.6em}h2{font-size:1.15em;margin:1.8em 0 .4em}p{margin:.4em 0}\n"
    ".note,caption{color:var(--quiet);font-size:.88em}caption{text-align:left}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;margin:.5em 0;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.2em .6em;text-align:right;border-bottom:1px solid var(--grid);"
    "white-space:nowrap}\n"
    "th{color:var(--quiet);font-weight:600}th:first-child,td:first-child{"
    "text-align:left;white-space:pre-wrap;overflow-wrap:anywhere;min-width:8em;"
    "unicode-bidi:isolate}\n"
    "figure{margin:.8em 0}figcaption{color:var(--quiet);font-size:.88em}\n"
    "svg{max-width:100%;min-width:36em;height:auto}svg text{font-size:11px}\n"
    ".f0{fill:var(--c0)}.f1{fill:var(--c1)}.f2{fill:var(--c2)}.f3{fill:var(--c3)}"
    ".f4{fill:var(--c4)}.f5{fill:var(--ink)}.f6{fill:var(--quiet)}.f7{fill:var(--grid)}"
    ".f8{fill:var(--on)}\n"
    ".s5{stroke:var(--ink)}.s6{stroke:var(--quiet)}.s7{stroke:var(--grid)}"
    ".s0{stroke:var(--c0)}.s1{stroke:var(--c1)}\n"
    "rect{stroke:var(--edge);stroke-width:1}\n"
    "</style>\n";

/* The one place where text becomes HTML. */
static void put(struct rebut_output *out, const char *text)
{
    for (size_t at = 0; text[at] != '\0';) {
        const size_t plain = strcspn(text + at, "<>&\"'");
        rebut_output_write(out, text + at, plain);
        at += plain;
        if (text[at] == '\0')
            break;
        rebut_output_print(out, "&#%d;", (unsigned char)text[at++]);
    }
}

static void put_in(struct rebut_output *out, const char *before, const char *text,
                   const char *after)
{
    rebut_output_print(out, "%s", before);
    put(out, text);
    rebut_output_print(out, "%s", after);
}

static void write_table(const struct paper *paper, const struct paper_block *table,
                        struct rebut_output *out)
{
    rebut_output_print(out, "<div class=\"wide\"><table>");
    if (*paper_text(paper, table->text) != '\0')
        put_in(out, "<caption>", paper_text(paper, table->text), "</caption>");
    for (uint32_t i = 0; i < table->count; i++) {
        const bool first = i % table->columns == 0;
        const bool heads = i < table->columns;
        if (first)
            rebut_output_print(out, "%s<tr>", i == 0 ? "\n<thead>" : "");
        put_in(out, heads ? "<th>" : "<td>",
               paper_text(paper, paper->cells.data[table->first + i]),
               heads ? "</th>" : "</td>");
        if ((i + 1) % table->columns == 0)
            rebut_output_print(out, "</tr>%s\n", heads ? "</thead>\n<tbody>" : "");
    }
    rebut_output_print(out, "</tbody></table></div>\n");
}

static void write_mark(const struct paper *paper, const struct paper_mark *mark,
                       struct rebut_output *out)
{
    switch (mark->shape) {
    case PAPER_RECT:
        rebut_output_print(
            out,
            "<rect class=\"f%d\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>",
            (int)mark->tone, mark->x, mark->y, mark->width, mark->height);
        break;
    case PAPER_LINE:
        rebut_output_print(
            out, "<line class=\"s%d\" x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\"/>",
            (int)mark->tone, mark->x, mark->y, mark->x + mark->width,
            mark->y + mark->height);
        break;
    case PAPER_LABEL:
        rebut_output_print(
            out, "<text class=\"f%d\" x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\">",
            (int)mark->tone, mark->x, mark->y + 4,
            mark->align == 0   ? "start"
            : mark->align == 1 ? "end"
                               : "middle");
        put_in(out, "", paper_text(paper, mark->text), "</text>");
        break;
    }
}

static void write_chart(const struct paper *paper, const struct paper_block *chart,
                        struct rebut_output *out)
{
    const char *caption = paper_text(paper, chart->text);
    rebut_output_print(out, "<figure class=\"wide\">");
    if (*caption != '\0')
        put_in(out, "<figcaption>", caption, "</figcaption>\n");
    rebut_output_print(out,
                       "<svg width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
                       "role=\"img\">\n",
                       PAPER_WIDTH, chart->height, PAPER_WIDTH, chart->height);
    for (uint32_t i = 0; i < chart->count; i++)
        write_mark(paper, &paper->marks.data[chart->first + i], out);
    rebut_output_print(out, "\n</svg></figure>\n");
}

void paper_write_html(const struct paper *paper, struct rebut_output *out)
{
    rebut_output_print(out,
                       "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
                       "<meta charset=\"utf-8\">\n",
                       paper->language == REBUT_CHINESE ? "zh-CN" : "en");
    put_in(out, "<title>", paper_text(paper, paper->blocks.data[0].text), "</title>\n");
    rebut_output_print(out, "%s</head>\n<body>\n", head);
    for (uint32_t i = 0; i < paper->blocks.count; i++) {
        const struct paper_block *block = &paper->blocks.data[i];
        const char *text = paper_text(paper, block->text);
        switch (block->kind) {
        case PAPER_TITLE:
            put_in(out, "<h1>", text, "</h1>\n");
            break;
        case PAPER_HEADING:
            put_in(out, "<h2>", text, "</h2>\n");
            break;
        case PAPER_PARAGRAPH:
            put_in(out, "<p>", text, "</p>\n");
            break;
        case PAPER_NOTE:
            put_in(out, "<p class=\"note\">", text, "</p>\n");
            break;
        case PAPER_TABLE:
            write_table(paper, block, out);
            break;
        case PAPER_CHART:
            write_chart(paper, block, out);
            break;
        }
    }
    rebut_output_print(out, "</body>\n</html>\n");
}
