/* What the files of this room share and nobody else sees. */
#ifndef REBUT_STATE_TABLES_H
#define REBUT_STATE_TABLES_H

#include "rebut/state.h"

#define REBUT_VOCABULARIES 7

#endif
