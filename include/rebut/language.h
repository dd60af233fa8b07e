/* rebut/language.h -- in which language does the reader read?
 *
 * Chinese is the first language of every sentence shown, English the second.
 */
#ifndef REBUT_LANGUAGE_H
#define REBUT_LANGUAGE_H

#include <stdbool.h>

enum rebut_language { REBUT_CHINESE, REBUT_ENGLISH };

/* "zh" or "en"; false when it is anything else. */
bool rebut_language_parse(const char *word, enum rebut_language *ret);

#endif
