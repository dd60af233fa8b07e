/* The one place where text becomes markup. */
#include <stdio.h>

#include "html_parts.h"

/* Characters that turn the direction of what follows, or hide: U+200B–200F, 202A–202E,
 * 2060–2069, FEFF; and C1 controls U+0080–009F. */
static bool is_hidden(uint32_t c)
{
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || (c >= 0x80 && c <= 0x9f);
}

/* The character at `at`, of `*ret_size` bytes; the text is valid UTF-8 up to there. */
static uint32_t decode(struct rebut_text text, size_t at, size_t *ret_size)
{
    const unsigned char *c = (const unsigned char *)text.data + at;
    *ret_size = c[0] < 0x80 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
    switch (*ret_size) {
    case 1:
        return c[0];
    case 2:
        return (c[0] & 0x1fU) << 6 | (c[1] & 0x3fU);
    case 3:
        return (c[0] & 0x0fU) << 12 | (c[1] & 0x3fU) << 6 | (c[2] & 0x3fU);
    default:
        return (c[0] & 0x07U) << 18 | (c[1] & 0x3fU) << 12 | (c[2] & 0x3fU) << 6 |
               (c[3] & 0x3fU);
    }
}

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

void rebut_html_escape(struct rebut_output *out, struct rebut_text text)
{
    for (size_t at = 0, size = 0; at < text.size; at += size) {
        const struct rebut_text rest = {text.data + at, text.size - at};
        if (rebut_text_valid_utf8(
                (struct rebut_text){rest.data, rest.size < 4 ? rest.size : 4}) == 0) {
            rebut_output_print(out, "\xef\xbf\xbd");
            size = 1;
            continue;
        }
        const uint32_t c = decode(text, at, &size);
        const char *instead = entity(c);
        if (instead != NULL)
            rebut_output_print(out, "%s", instead);
        else if (c == '\n')
            rebut_output_print(out, "<br>");
        else if (c < 0x20 || c == 0x7f || is_hidden(c))
            rebut_output_print(out, "<span class=\"c\">U+%04X</span>", c);
        else
            rebut_output_write(out, text.data + at, size);
    }
}

void rebut_html_text(struct rebut_output *out, struct rebut_text text)
{
    rebut_output_print(out, "<bdi>");
    rebut_html_escape(out, text);
    rebut_output_print(out, "</bdi>");
}
