/* What others wrote, on a terminal. */
#include "parts.h"
#include "rebut/hidden.h"
#include "rebut/table.h"

#define INDENT "                    │ "
#define ROOM 68 /* columns of a line of words */

void rebut_review_plain(struct rebut_text page, struct rebut_output *out)
{
    page.size = rebut_text_valid_utf8(page);
    for (size_t at = 0, begin = 0; at < page.size; begin = at) {
        const uint32_t c = rebut_text_next(page, &at);
        if (c == '\n' || !rebut_is_hidden(c))
            rebut_output_write(out, page.data + begin, at - begin);
        else
            rebut_output_print(out, "%s", c == '\t' ? " " : "\xef\xbf\xbd");
    }
}

/* Signs that Chinese never begins a line with. */
static bool closes(uint32_t c)
{
    static const uint32_t signs[] = {U'，', U'。', U'、', U'；', U'：', U'！', U'？',
                                     U'）', U'」', U'』', U'》', U'”',  U'’',  U'…'};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (c == signs[i])
            return true;
    return false;
}

/* Where does the line that begins at `begin` end?  *ret_next is where the next begins:
 * behind the blank or the line end that was its end. */
static size_t line_end(struct rebut_text words, size_t begin, size_t *ret_next)
{
    size_t width = 0, end = 0, next = 0; /* the last place to break; next 0: none */
    uint32_t before = 0;
    for (size_t at = begin, here = begin; at < words.size; here = at) {
        const uint32_t c = rebut_text_next(words, &at);
        const size_t columns =
            rebut_text_width((struct rebut_text){words.data + here, at - here});
        if (c == '\n') {
            *ret_next = at;
            return here;
        }
        if (here > begin && before != ' ' && !closes(c) &&
            (columns == 2 || before > 0x2e80)) {
            end = here;
            next = here;
        }
        /* One sign that closes may hang over the end. */
        if (width + columns > ROOM && (!closes(c) || width > ROOM)) {
            *ret_next = next > 0 ? next : here;
            return next > 0 ? end : here;
        }
        if (c == ' ') {
            end = here;
            next = at;
        }
        width += columns;
        before = c;
    }
    *ret_next = words.size;
    return words.size;
}

void rebut_review_quote(const char *words, struct rebut_output *out)
{
    struct rebut_text text = rebut_text_of(words);
    text.size = rebut_text_valid_utf8(text);
    while (text.size > 0 && strchr("\r\n ", text.data[text.size - 1]) != NULL)
        text.size--;
    for (size_t at = 0; at < text.size;) {
        size_t next = 0;
        size_t end = line_end(text, at, &next);
        if (end > at && text.data[end - 1] == '\r')
            end--;
        rebut_output_print(out, INDENT "%.*s\n", (int)(end - at), text.data + at);
        at = next;
    }
}
