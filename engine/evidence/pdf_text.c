/* Text into cells: anybody's made harmless, figures as a reader wants them. */
#include <inttypes.h>
#include <math.h>

#include "pdf_paper.h"
#include "rebut/time.h"

#define MARKS_MOST 4 /* accents on one letter; more would paint over other lines */

/* Nothing to see: controls, what turns the direction or joins, what is no character. */
static bool is_hidden(uint32_t c)
{
    switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
        return true;
    default:
        return false;
    }
}

static void put_character(GString *to, uint32_t c, int *marks)
{
    *marks = g_unichar_ismark(c) ? *marks + 1 : 0;
    if (c == '\n' || c == '\r' || c == '\t')
        g_string_append_c(to, ' ');
    else if (is_hidden(c))
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
    if (!isfinite(share))
        g_string_append_c(to, '-');
    else
        g_string_append_printf(to, share < 0.1 ? "%.2f%%" : "%.1f%%", 100 * share);
}

void pdf_figure(GString *to, double value)
{
    if (!isfinite(value))
        g_string_append_c(to, '-');
    else
        g_string_append_printf(to, "%.2f", value);
}

void pdf_range(GString *to, double low, double high, bool percent)
{
    void (*const put)(GString *, double) = percent ? pdf_percent : pdf_figure;
    if (!isfinite(low) && !isfinite(high))
        return;
    put(to, low);
    g_string_append(to, "–");
    put(to, high);
}

static void put_time(GString *to, int64_t at, size_t length)
{
    char text[REBUT_TIME_SIZE];
    if (at == REBUT_TIME_NONE) {
        g_string_append_c(to, '-');
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
