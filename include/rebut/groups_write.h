/* rebut/groups_write.h -- leads as NDJSON for a program and as a table for a person. */
#ifndef REBUT_GROUPS_WRITE_H
#define REBUT_GROUPS_WRITE_H

#include "rebut/groups.h"
#include "rebut/output.h"

/* One JSON object a lead, the least like chance first, with its members, their request
 * ids and sentences in the language asked for.  False when a write failed (the commit
 * says why). */
bool rebut_groups_write_ndjson(const struct rebut_groups *groups,
                               const struct rebut_scores *scores,
                               enum rebut_language language, struct rebut_output *out);

/* A row a lead, the members below it, and what a lead is worth.  "none found" when there
 * is none. */
bool rebut_groups_write_table(const struct rebut_groups *groups,
                              const struct rebut_scores *scores,
                              enum rebut_language language, struct rebut_output *out);

#define REBUT_GROUPS_SENTENCE_SIZE 500
/* What is to be said of every lead: for a person, in no score, how often right. */
const char *rebut_groups_caution(enum rebut_language language);

/* What speaks for the members, one sentence each: writes sentence `index` (from 0) that
 * holds for this lead; false when there are no more. */
bool rebut_lead_for_members(const struct rebut_lead *lead, int index,
                            enum rebut_language language,
                            char ret_text[REBUT_GROUPS_SENTENCE_SIZE]);

#endif
