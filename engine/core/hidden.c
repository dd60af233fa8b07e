#include "rebut/hidden.h"

#include <stddef.h>
#include <utf8proc.h>

/* Letters, marks and blanks that take no room and have categories of things seen. */
static bool has_no_width(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x34f, 0x34f},   {0x115f, 0x1160}, {0x17b4, 0x17b5},  {0x180b, 0x180f},
                  {0x3164, 0x3164}, {0xffa0, 0xffa0}, {0xe0000, 0xe0fff}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

bool rebut_is_hidden(uint32_t c)
{
    if (c > 0x10ffff)
        return true;
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return has_no_width(c);
    }
}
