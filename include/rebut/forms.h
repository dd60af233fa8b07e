/* rebut/forms.h -- what does a platform's appeal form take, and what to write in it?
 *
 * A form is data: a JSON file of facts, each with its source and date, null where nobody
 * knows.  An unknown is shown as unknown and never guessed.  Those of
 * engine/evidence/forms are compiled in; any other is read from a file:
 *
 *     struct rebut_form form;
 *     if (rebut_form_find("pinduoduo-after-sale", &form, err)) {
 *         rebut_form_write(&form, REBUT_CHINESE, &out);
 *         … rebut_form_text_make of a pack (rebut/form_text.h)
 *         rebut_form_release(&form);
 *     }
 */
#ifndef REBUT_FORMS_H
#define REBUT_FORMS_H

#include "rebut/language.h"
#include "rebut/output.h"

#define REBUT_FORM_SCHEMA "rebut-form-1"
#define REBUT_FORM_BYTES ((size_t)1 << 18) /* most of a file */
#define REBUT_FORM_WORDS_MAX 300           /* bytes of one text of a file */
#define REBUT_FORM_LIST_MAX 32             /* entries of one list */

/* ---- the files within the program, by name ---- */

struct rebut_form_file {
    const char *name;
    struct rebut_text bytes;
};
extern const struct rebut_form_file rebut_form_files[]; /* [rebut_form_files_count] */
extern const int rebut_form_files_count;

/* ---- a form ---- */

/* Texts belong to the form.  Unknown: source and date NULL, and no value. */
struct rebut_form_fact {
    bool known;
    const char *source, *date; /* date: YYYY, YYYY-MM or YYYY-MM-DD */
};
struct rebut_form_number {
    struct rebut_form_fact fact;
    int64_t value;
};
struct rebut_form_words {
    struct rebut_form_fact fact;
    const char *zh, *en;
};

enum rebut_form_number_id {
    REBUT_FORM_TEXT, /* code points */
    REBUT_FORM_IMAGES_REQUIRED_LEAST,
    REBUT_FORM_IMAGES_REQUIRED_MOST,
    REBUT_FORM_IMAGES_OPTIONAL_MOST,
    REBUT_FORM_IMAGES_MOST, /* where it is not said which are required */
    REBUT_FORM_VIDEOS_MOST,
    REBUT_FORM_AMOUNT_LEAST, /* fen */
    REBUT_FORM_AMOUNT_MOST,
    REBUT_FORM_NUMBERS
};
enum rebut_form_words_id {
    REBUT_FORM_TITLE,
    REBUT_FORM_IMAGES_GIVEN, /* how pictures are handed in */
    REBUT_FORM_WINDOW,       /* how long an appeal may be made */
    REBUT_FORM_WORDS
};
/* What rebut can show from a pack alone (rebut_form_proof). */
enum rebut_form_proof {
    REBUT_PROOF_NONE,
    REBUT_PROOF_SIGNED,  /* "not received", but signed for by the buyer */
    REBUT_PROOF_PICTURE, /* the same picture in an earlier request on another order */
    REBUT_PROOFS
};
extern const char *const rebut_words_proof[REBUT_PROOFS];
struct rebut_form_reason {
    const char *text; /* as the platform spells it */
    enum rebut_form_proof proof;
};

struct json_t;
struct rebut_form {
    struct json_t *document; /* owns all texts */
    const char *name, *zh, *en;
    struct rebut_form_number numbers[REBUT_FORM_NUMBERS];
    struct rebut_form_words words[REBUT_FORM_WORDS];
    struct rebut_form_fact kinds_fact, reasons_fact;
    const char *kinds[REBUT_FORM_LIST_MAX];
    struct rebut_form_reason reasons[REBUT_FORM_LIST_MAX];
    struct rebut_form_words remarks[REBUT_FORM_LIST_MAX]; /* all known */
    int kind_count, reason_count, remark_count;
};

/* Read a file's bytes; `from` names it in messages.  EDATA names the place
 * ('x.json': text_limit.source: …): unknown, missing or repeated members, wrong types, a
 * known fact without source or date, an unknown one with any; ELIMIT what is too long. */
REBUT_MUST_CHECK bool rebut_form_read(struct rebut_text bytes, const char *from,
                                      struct rebut_form *ret, struct rebut_error *err);

/* The form of that name, or the file of that path (a '/' or ".json" in it).  EUSAGE when
 * there is no such name, EIO when the file cannot be read. */
REBUT_MUST_CHECK bool rebut_form_find(const char *name_or_path, struct rebut_form *ret,
                                      struct rebut_error *err);
void rebut_form_release(struct rebut_form *form);

/* A form for people, fact by fact; and as one line of JSON.  Failures stick in `out`. */
void rebut_form_write(const struct rebut_form *form, enum rebut_language language,
                      struct rebut_output *out);
void rebut_form_write_json(const struct rebut_form *form, struct rebut_output *out);

#endif
