/* Forms by name or path, and what their members are called. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "folder_file.h"
#include "forms_parts.h"

#define FEN_MOST INT64_C(1000000000000)

const struct form_number rebut_form_number_members[REBUT_FORM_NUMBERS] = {
    [REBUT_FORM_TEXT] = {"text_limit", 1, 100000, "文字上限（字）",
                         "text, code points at most"},
    [REBUT_FORM_IMAGES_REQUIRED_LEAST] = {"images_required_least", 0, 1000,
                                          "必传图片，至少（张）",
                                          "images required, at least"},
    [REBUT_FORM_IMAGES_REQUIRED_MOST] = {"images_required_most", 0, 1000,
                                         "必传图片，至多（张）",
                                         "images required, at most"},
    [REBUT_FORM_IMAGES_OPTIONAL_MOST] = {"images_optional_most", 0, 1000,
                                         "选传图片，至多（张）",
                                         "images optional, at most"},
    [REBUT_FORM_IMAGES_MOST] = {"images_most", 0, 1000, "图片合计，至多（张）",
                                "images in all, at most"},
    [REBUT_FORM_VIDEOS_MOST] = {"videos_most", 0, 1000, "视频，至多（个）",
                                "videos, at most"},
    [REBUT_FORM_AMOUNT_LEAST] = {"amount_least_fen", 0, FEN_MOST, "金额，至少（分）",
                                 "amount in fen, at least"},
    [REBUT_FORM_AMOUNT_MOST] = {"amount_most_fen", 0, FEN_MOST, "金额，至多（分）",
                                "amount in fen, at most"},
};

const struct form_words rebut_form_words_members[REBUT_FORM_WORDS] = {
    [REBUT_FORM_TITLE] = {"form", "表单", "form"},
    [REBUT_FORM_IMAGES_GIVEN] = {"images_given", "图片提交方式", "images are given"},
    [REBUT_FORM_WINDOW] = {"window", "申诉时限", "window for an appeal"},
};

const char *const rebut_words_proof[REBUT_PROOFS] = {
    [REBUT_PROOF_NONE] = "",
    [REBUT_PROOF_SIGNED] = "signed",
    [REBUT_PROOF_PICTURE] = "picture",
};

static bool read_file(const char *path, struct rebut_form *ret, struct rebut_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    if (!rebut_file_read(path, REBUT_FORM_BYTES, false, &bytes, &size, err))
        return false;
    const bool ok = rebut_form_read((struct rebut_text){bytes, size}, path, ret, err);
    free(bytes);
    return ok;
}

bool rebut_form_find(const char *name_or_path, struct rebut_form *ret,
                     struct rebut_error *err)
{
    const size_t size = strlen(name_or_path);
    for (int i = 0; i < rebut_form_files_count; i++)
        if (strcmp(rebut_form_files[i].name, name_or_path) == 0)
            return rebut_form_read(rebut_form_files[i].bytes, name_or_path, ret, err);
    if (strchr(name_or_path, '/') != NULL ||
        (size > 5 && strcmp(name_or_path + size - 5, ".json") == 0))
        return read_file(name_or_path, ret, err);
    return rebut_fail(err, REBUT_EUSAGE,
                      "no form '%.40s'; 'rebut forms' lists them, a file is named with "
                      "'/' or '.json'",
                      name_or_path);
}

void rebut_form_release(struct rebut_form *form)
{
    json_decref(form->document);
    *form = (struct rebut_form){0};
}
