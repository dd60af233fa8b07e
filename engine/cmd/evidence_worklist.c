/* The worklist beside the packs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence_parts.h"

enum worklist_form { WORKLIST_CSV, WORKLIST_XLSX, WORKLIST_FORMS };
static const char *const words[WORKLIST_FORMS] = {"csv", "xlsx"};

bool rebut_evidence_worklist_forms(const char *list, unsigned *ret_forms,
                                   struct rebut_error *err)
{
    return rebut_evidence_list(list, words, WORKLIST_FORMS, "--worklist", ret_forms, err);
}

static bool write_form(int form, const struct rebut_work_options *options,
                       struct rebut_worklist *list, const char *path,
                       struct rebut_error *err)
{
    struct rebut_output out;
    bool ok = true;
    if (!rebut_output_open(&out, path, err))
        return false;
    if (form == WORKLIST_CSV)
        rebut_worklist_csv(list, options->language, &out);
    else
        ok = rebut_worklist_xlsx(list, options->language, options->output, &out, err);
    ok = ok && rebut_output_place(&out, err);
    rebut_output_release(&out);
    return ok;
}

bool rebut_evidence_worklist_write(const struct evidence_wish *wish,
                                   const struct rebut_work_options *options,
                                   struct rebut_worklist *list, struct rebut_seal *seal,
                                   struct rebut_error *err)
{
    bool ok = true;
    for (int form = 0; ok && form < WORKLIST_FORMS; form++) {
        char name[32], *path = NULL;
        if (!(wish->worklist >> form & 1))
            continue;
        snprintf(name, sizeof name, "worklist.%s", words[form]);
        if (asprintf(&path, "%s/%s", options->output, name) < 0)
            return rebut_fail_memory(err, "a path");
        ok = write_form(form, options, list, path, err) &&
             (seal == NULL || rebut_seal_add(seal, name, err));
        free(path);
    }
    return ok;
}
