/* Texts and lists of a pack: blocks that grow, one owner, freed at once.
 *
 * No memory is a failure that sticks: every call gives nothing from then on, and who
 * makes a pack asks once, at the end (rebut_pack_failed). */
#ifndef REBUT_EVIDENCE_PACK_MEMORY_H
#define REBUT_EVIDENCE_PACK_MEMORY_H

#include "rebut/pack.h"

/* Zeroed, aligned for anything; NULL when there is none. */
void *rebut_pack_alloc(struct rebut_pack *pack, size_t size);

/* A copy, with a NUL behind it; absent stays absent. */
struct rebut_text rebut_pack_keep(struct rebut_pack *pack, struct rebut_text text);

struct rebut_text rebut_pack_print(struct rebut_pack *pack, const char *format, ...)
    REBUT_PRINTF(2, 3);

/* Memory failed elsewhere. */
void rebut_pack_fail(struct rebut_pack *pack);
bool rebut_pack_failed(const struct rebut_pack *pack);

/* The list with room for one more; *count becomes 0 when there is no memory. */
void *rebut_pack_room(struct rebut_pack *pack, void *list, uint32_t *count, size_t size);

/* One more element of a list, zeroed, or NULL. */
#define REBUT_PACK_MORE(pack, l)                                                         \
    (((l)->list = rebut_pack_room((pack), (l)->list, &(l)->count, sizeof *(l)->list)) == \
             NULL                                                                        \
         ? NULL                                                                          \
         : &(l)->list[(l)->count++])

/* A figure that was worked out, to the digits that a pack states: 12. */
#define REBUT_PACK_DIGITS 12
double rebut_pack_round(double value);

#endif
