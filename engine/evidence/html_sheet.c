/* Each claim beside the records, what supports it first: section 3. */
#include "html_parts.h"
#include "pack_words.h"
#include "rebut/case_page.h"

static void fact(const struct page *page, const struct rebut_pack_fact *fact)
{
    struct rebut_output *out = page->out;
    rebut_output_print(out, "<li>");
    rebut_html_words(page, &fact->sentence);
    rebut_output_print(out, " <span class=\"s d\">[%s%s",
                       rebut_pack_source_word(fact->source, page->language),
                       fact->at == REBUT_TIME_NONE ? "" : " ");
    if (fact->at != REBUT_TIME_NONE)
        rebut_html_time(page, fact->at);
    rebut_output_print(out, "]</span></li>\n");
}

static void facts_of(const struct page *page, const char *title,
                     const struct rebut_pack_fact *list, uint32_t count)
{
    rebut_output_print(page->out, "<div>\n<h4>%s</h4>\n", title);
    if (count == 0)
        rebut_output_print(page->out, "<p>%s</p>\n",
                           rebut_case_say(REBUT_CASE_NONE, page->language));
    else
        rebut_output_print(page->out, "<ul>\n");
    for (uint32_t i = 0; i < count; i++)
        fact(page, &list[i]);
    rebut_output_print(page->out, "%s</div>\n", count == 0 ? "" : "</ul>\n");
}

static void claim_of(const struct page *page, const struct rebut_pack_claim *claim)
{
    struct rebut_output *out = page->out;
    rebut_output_print(out, "<h3>");
    rebut_html_words(page, &claim->claim);
    rebut_output_print(out, "</h3>\n");
    if (claim->quote.size > 0) {
        rebut_output_print(out, "<blockquote>");
        rebut_html_text(out, claim->quote);
        rebut_output_print(out, "</blockquote>\n");
    }
    if (claim->supports.count + claim->contradicts.count > 0) {
        rebut_output_print(out, "<div class=\"y\">\n");
        facts_of(page, say(page, "支持这一说法的记录", "Records that support it"),
                 claim->supports.list, claim->supports.count);
        facts_of(page, say(page, "与之不符的记录", "Records that contradict it"),
                 claim->contradicts.list, claim->contradicts.count);
        rebut_output_print(out, "</div>\n");
    } else if (claim->silent.count == 0)
        rebut_output_print(
            out, "<p>%s</p>\n",
            say(page, "没有可以对照的记录", "no record to hold it against"));
    if (claim->silent.count > 0)
        facts_of(page, say(page, "不能说明问题的记录", "Records that say nothing"),
                 claim->silent.list, claim->silent.count);
}

void rebut_html_sheet(const struct page *page)
{
    rebut_html_heading(page, 3, "买家的说法与记录",
                       "What the buyer says, beside the records");
    for (uint32_t i = 0; i < page->pack->sheet.count; i++)
        claim_of(page, &page->pack->sheet.list[i]);
}
