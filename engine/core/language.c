#include "rebut/language.h"

#include <string.h>

bool rebut_language_parse(const char *word, enum rebut_language *ret)
{
    if (strcmp(word, "zh") != 0 && strcmp(word, "en") != 0)
        return false;
    *ret = word[0] == 'z' ? REBUT_CHINESE : REBUT_ENGLISH;
    return true;
}
