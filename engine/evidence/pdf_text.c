/* Text into cells: anybody's made harmless, figures as a reader wants them. */
#include <inttypes.h>
#include <math.h>

#include "pack_figures.h"
#include "pdf_paper.h"
#include "rebut/case_page.h"
#include "rebut/hidden.h"
#include "rebut/time.h"

#define MARKS_MOST 4 /* accents on one letter; more would paint over other lines */

static void put_character(GString *to, uint32_t c, int *marks)
{
    *marks = g_unichar_ismark(c) ? *marks + 1 : 0;
    if (c == '\n' || c == '\r' || c == '\t')
        g_string_append_c(to, ' ');
    else if (rebut_is_hidden(c))
        g_string_append_printf(to, "[U+%04" PRIX32 "]", c);
    else if (*marks <= MARKS_MOST)
        g_string_append_unichar(to, c);
}

void pdf_safe(GString *to, struct rebut_text text)
{
    int marks = 0;
    size_t at = 0;
    while (at < text.size && at < REBUT_TEXT_MAX) {
        const size_t left = text.size - at;
        const size_t valid = rebut_text_valid_utf8(
            (struct rebut_text){text.data + at, left < 4 ? left : 4});
        if (valid == 0) {
            g_string_append(to, "\xef\xbf\xbd");
            at++;
            continue;
        }
        put_character(to, rebut_text_next(text, &at), &marks);
    }
    if (at < text.size)
        g_string_append_printf(to, " [… +%zu]", text.size - at);
}

void pdf_words(const struct pdf_paper *paper, GString *to,
               const struct rebut_pack_words *words)
{
    pdf_safe(to, paper->language == REBUT_CHINESE ? words->zh : words->en);
}

void pdf_yuan(GString *to, int64_t fen)
{
    const uint64_t size = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
    g_string_append_printf(to, "%s%" PRIu64 ".%02" PRIu64, fen < 0 ? "-" : "", size / 100,
                           size % 100);
}

void pdf_percent(GString *to, double share)
{
    char text[REBUT_PACK_PERCENT];
    g_string_append(to, rebut_pack_percent(share, text));
}

void pdf_log_odds(GString *to, double value)
{
    char text[REBUT_PACK_PERCENT];
    g_string_append(to, rebut_pack_log_odds(value, text));
}

/* A reason in the reader's language, without underlines; "" when none was given. */
void pdf_reason(const struct pdf_paper *paper, GString *to, int reason)
{
    const char *word = rebut_case_reason((enum rebut_reason)reason, paper->language);
    for (; *word != '\0'; word++)
        g_string_append_c(to, *word == '_' ? ' ' : *word);
}

void pdf_figure(GString *to, double value)
{
    if (!isfinite(value))
        g_string_append(to, "–");
    else
        g_string_append_printf(to, "%.2f", value);
}

void pdf_range(GString *to, double low, double high, bool percent)
{
    void (*const put)(GString *, double) = percent ? pdf_percent : pdf_figure;
    if (!isfinite(low) && !isfinite(high))
        return;
    put(to, low);
    /* Blanks about the dash where a sign would stand against it. */
    g_string_append(to, percent && high < 1 && high >= 0.9995 ? " – " : "–");
    put(to, high);
}

static void put_time(GString *to, int64_t at, size_t length)
{
    char text[REBUT_TIME_SIZE];
    if (at == REBUT_TIME_NONE) {
        g_string_append(to, "–");
        return;
    }
    rebut_time_format(at, 8 * 60, text);
    text[10] = ' ';
    g_string_append_len(to, text, (gssize)length);
}

void pdf_time(GString *to, int64_t at)
{
    put_time(to, at, 19);
}

void pdf_day(GString *to, int64_t at)
{
    put_time(to, at, 10);
}
