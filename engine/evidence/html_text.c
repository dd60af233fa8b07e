/* The one place where text becomes markup. */
#include <stdio.h>

#include "html_parts.h"
#include "rebut/hidden.h"

static const char *entity(uint32_t c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Bytes from `at` on that are printable ASCII and no markup. */
static size_t plain_run(struct rebut_text text, size_t at)
{
    size_t end = at;
    while (end < text.size && text.data[end] >= ' ' && text.data[end] < 0x7f &&
           entity((unsigned char)text.data[end]) == NULL)
        end++;
    return end - at;
}

static void escape_one(struct rebut_output *out, struct rebut_text text, size_t *at)
{
    const size_t begin = *at;
    const size_t left = text.size - begin;
    const struct rebut_text next = {text.data + begin, left < 4 ? left : 4};
    if (rebut_text_valid_utf8(next) == 0) {
        rebut_output_print(out, "\xef\xbf\xbd");
        ++*at;
        return;
    }
    const uint32_t c = rebut_text_next(text, at);
    const char *instead = entity(c);
    if (instead != NULL)
        rebut_output_print(out, "%s", instead);
    else if (c == '\n')
        rebut_output_print(out, "<br>");
    else if (rebut_is_hidden(c))
        rebut_output_print(out, "<span class=\"c\">U+%04X</span>", c);
    else
        rebut_output_write(out, text.data + begin, *at - begin);
}

void rebut_html_escape(struct rebut_output *out, struct rebut_text text)
{
    for (size_t at = 0; at < text.size;) {
        const size_t run = plain_run(text, at);
        rebut_output_write(out, text.data + at, run);
        at += run;
        if (at < text.size)
            escape_one(out, text, &at);
    }
}

void rebut_html_text(struct rebut_output *out, struct rebut_text text)
{
    rebut_output_print(out, "<bdi>");
    rebut_html_escape(out, text);
    rebut_output_print(out, "</bdi>");
}
