/* Which requests 'rebut evidence' writes packs of, and what it writes. */
#ifndef REBUT_CMD_EVIDENCE_PARTS_H
#define REBUT_CMD_EVIDENCE_PARTS_H

#include "queue_plan.h"
#include "rebut/forms.h"
#include "rebut/seal.h"
#include "rebut/worklist.h"
#include "work.h"

/* What is to be written, as the command line has it. */
struct evidence_wish {
    struct rebut_queue_wish queue; /* first: rebut_queue_option takes it */
    const char **requests;         /* [request_count] */
    size_t request_count;
    const char *merchant, *key_dir, *previous, *appeals_file;
    const struct rebut_appeals *appeals; /* NULL: none are known */
    const char *form_name;               /* of the platform's form, or a file with one */
    struct rebut_form form;              /* read, when its text is asked for */
    bool use_queue, ask_stamp;
    unsigned forms;    /* bits of enum evidence_form */
    unsigned worklist; /* bits of evidence_worklist.c's table; 0: none */
    int retain_days;
    enum rebut_pack_edition edition; /* zero is the shop's */
};

/* Files of a pack, in the order of writing; a line each in evidence_write.c's table. */
enum evidence_form {
    EVIDENCE_JSON,
    EVIDENCE_HTML,
    EVIDENCE_PDF,
    EVIDENCE_TEXT, /* for a platform's form */
    EVIDENCE_FORMS
};

/* A list "json,…" of `words` as their bits; EUSAGE, with the option and its words, for
 * another word or none. */
bool rebut_evidence_list(const char *list, const char *const words[], int count,
                         const char *option, unsigned *ret_bits, struct rebut_error *err);

/* The words of --forms. */
bool rebut_evidence_forms(const char *list, unsigned *ret_forms, struct rebut_error *err);

/* Those of --worklist. */
bool rebut_evidence_worklist_forms(const char *list, unsigned *ret_forms,
                                   struct rebut_error *err);
/* "worklist.csv" and so on into the folder, and into the seal, which may be NULL. */
bool rebut_evidence_worklist_write(const struct evidence_wish *wish,
                                   const struct rebut_work_options *options,
                                   struct rebut_worklist *list, struct rebut_seal *seal,
                                   struct rebut_error *err);

/* Places in the list of scores, each once, in the order of writing. */
struct evidence_chosen {
    uint32_t *list; /* [count]; free it */
    uint32_t count;
};

/* EDATA when there is no such request or merchant. */
bool rebut_evidence_choose(const struct evidence_wish *wish,
                           const struct rebut_scores *scores, int64_t since,
                           struct evidence_chosen *ret, struct rebut_error *err);

struct evidence_account {
    uint32_t written, warned; /* packs; of them, with a warning */
};

/* Write the packs, one by one, then, where there is a key, their manifest and its
 * signature.  Warns on standard error. */
bool rebut_evidence_write(const struct evidence_wish *wish,
                          const struct rebut_work_options *options,
                          const struct rebut_scores *scores,
                          const struct evidence_chosen *chosen,
                          struct evidence_account *ret, struct rebut_error *err);

#endif
