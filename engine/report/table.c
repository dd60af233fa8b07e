#include "rebut/table.h"

#include <utf8proc.h>

size_t rebut_text_width(struct rebut_text text)
{
    const size_t valid = rebut_text_valid_utf8(text);
    size_t width = text.size - valid; /* what is not valid: a column a byte */
    text.size = valid;
    for (size_t at = 0; at < valid;)
        width += (size_t)utf8proc_charwidth((utf8proc_int32_t)rebut_text_next(text, &at));
    return width;
}

bool rebut_output_padded(struct rebut_output *out, const char *text, int width)
{
    const size_t taken = rebut_text_width(rebut_text_of(text));
    const size_t wanted = (size_t)(width < 0 ? -width : width);
    const int blanks = wanted > taken ? (int)(wanted - taken) : 0;
    if (width < 0)
        return rebut_output_print(out, "%*s%s", blanks, "", text);
    return rebut_output_print(out, "%s%*s", text, blanks, "");
}
