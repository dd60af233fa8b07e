/* Packs into a folder, one by one, and the seal at the end. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "evidence_parts.h"
#include "rebut/appeals.h"
#include "rebut/form_text.h"
#include "rebut/hidden.h"
#include "rebut/pack_html.h"
#include "rebut/pack_json.h"
#include "rebut/pack_make.h"
#include "rebut/pack_pdf.h"
#include "rebut/seal.h"

/* What a form's writer is given; a failure sticks in `out`, or is told. */
typedef bool write_form(const struct evidence_wish *wish, const struct rebut_pack *pack,
                        enum rebut_language language, struct rebut_output *out,
                        struct rebut_error *err);

static bool write_json(const struct evidence_wish *wish, const struct rebut_pack *pack,
                       enum rebut_language language, struct rebut_output *out,
                       struct rebut_error *err)
{
    (void)wish;
    (void)language; /* it holds both */
    (void)err;
    rebut_pack_write(pack, out);
    return true;
}

static bool write_html(const struct evidence_wish *wish, const struct rebut_pack *pack,
                       enum rebut_language language, struct rebut_output *out,
                       struct rebut_error *err)
{
    (void)wish;
    (void)err;
    rebut_pack_write_html(pack, language, out);
    return true;
}

static bool write_pdf(const struct evidence_wish *wish, const struct rebut_pack *pack,
                      enum rebut_language language, struct rebut_output *out,
                      struct rebut_error *err)
{
    (void)wish;
    return rebut_pack_pdf(pack, language, out, err);
}

static bool write_text(const struct evidence_wish *wish, const struct rebut_pack *pack,
                       enum rebut_language language, struct rebut_output *out,
                       struct rebut_error *err)
{
    return rebut_form_text_write(&wish->form, pack, language, out, err);
}

/* The word is the file's ending as well. */
static const struct form {
    const char *word;
    write_form *write;
} forms[EVIDENCE_FORMS] = {
    [EVIDENCE_JSON] = {"json", write_json},
    [EVIDENCE_HTML] = {"html", write_html},
    [EVIDENCE_PDF] = {"pdf", write_pdf},
    [EVIDENCE_TEXT] = {"txt", write_text},
};

bool rebut_evidence_forms(const char *list, unsigned *ret_forms, struct rebut_error *err)
{
    const char *words[EVIDENCE_FORMS];
    for (int form = 0; form < EVIDENCE_FORMS; form++)
        words[form] = forms[form].word;
    return rebut_evidence_list(list, words, EVIDENCE_FORMS, "--forms", ret_forms, err);
}

struct writer {
    const struct evidence_wish *wish;
    const struct rebut_work_options *options;
    struct rebut_seal *seal; /* NULL: nobody signs */
    struct rebut_worklist *worklist;
    struct evidence_account *account;
};

/* Anybody's text on a terminal. */
static void print_plain(struct rebut_text text)
{
    text.size = rebut_text_valid_utf8(text);
    for (size_t at = 0, begin = 0; at < text.size; begin = at) {
        if (rebut_is_hidden(rebut_text_next(text, &at)))
            fputc('?', stderr);
        else
            fwrite(text.data + begin, 1, at - begin, stderr);
    }
}

static void warn(const struct writer *writer, const struct rebut_pack *pack)
{
    const bool zh = writer->options->language == REBUT_CHINESE;
    if (!pack->shop.explains)
        return;
    writer->account->warned++;
    fprintf(stderr, "rebut evidence: ");
    print_plain(pack->header.request_id);
    fprintf(stderr, "%s",
            zh ? "：店铺自身的记录可以解释此类请求："
               : ": the shop's own record explains such requests: ");
    for (uint32_t i = 0; i < pack->shop.why.count; i++) {
        fprintf(stderr, "%s", i == 0 ? "" : zh ? "；" : "; ");
        print_plain(zh ? pack->shop.why.list[i].zh : pack->shop.why.list[i].en);
    }
    fprintf(stderr, "\n");
}

/* P(an appeal succeeds), learned from the merchant's decided ones; NaN: nothing was. */
static double appeal_of(const struct evidence_wish *wish, const struct rebut_pack *pack)
{
    bool assumed = true;
    const double p =
        wish->appeals == NULL
            ? (double)NAN
            : rebut_appeals_probability(wish->appeals, pack->score.probability, NULL,
                                        NULL, &assumed);
    return assumed ? (double)NAN : p;
}

static bool write_file(const struct writer *writer, const struct rebut_pack *pack,
                       const struct form *form, const char *name, struct rebut_error *err)
{
    struct rebut_output out;
    char *path = NULL;
    if (asprintf(&path, "%s/%s", writer->options->output, name) < 0)
        return rebut_fail_memory(err, "a path");
    bool ok = rebut_output_open(&out, path, err);
    if (ok) {
        ok = form->write(writer->wish, pack, writer->options->language, &out, err) &&
             rebut_output_place(&out, err);
        rebut_output_release(&out);
    }
    free(path);
    return ok;
}

static bool write_pack(const struct writer *writer, const struct rebut_pack *pack,
                       struct rebut_error *err)
{
    char hash[REBUT_PACK_NAME], name[REBUT_PACK_NAME + 16] = "";
    rebut_pack_name(pack->header.request_id, hash);
    for (int i = 0; i < EVIDENCE_FORMS; i++) {
        if (!(writer->wish->forms >> i & 1))
            continue;
        snprintf(name, sizeof name, "pack-%s.%s", hash, forms[i].word);
        if (!write_file(writer, pack, &forms[i], name, err) ||
            (writer->seal != NULL && !rebut_seal_add(writer->seal, name, err)))
            return false;
    }
    writer->account->written++;
    /* The last file is the one for people. */
    return writer->wish->worklist == 0 ||
           rebut_worklist_add(writer->worklist, pack, name, appeal_of(writer->wish, pack),
                              err);
}

static bool write_packs(const struct writer *writer, const struct rebut_scores *scores,
                        const struct evidence_chosen *chosen,
                        struct rebut_pack_maker *maker, struct rebut_error *err)
{
    for (uint32_t i = 0; i < chosen->count; i++) {
        struct rebut_pack pack;
        if (!rebut_pack_make(maker, &scores->list[chosen->list[i]], &pack, err))
            return false;
        warn(writer, &pack);
        const bool ok = write_pack(writer, &pack, err);
        rebut_pack_release(&pack);
        if (!ok)
            return false;
    }
    if (writer->wish->worklist != 0 &&
        !rebut_evidence_worklist_write(writer->wish, writer->options, writer->worklist,
                                       writer->seal, err))
        return false;
    /* The packs are on the disk before the manifest that names them. */
    return rebut_output_force(writer->options->output, err);
}

static bool make_folder(const char *path, struct rebut_error *err)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ||
           rebut_fail(err, REBUT_EIO, "cannot make '%s': %s", path, strerror(errno));
}

/* The same with a manifest around it. */
static bool write_sealed(struct writer *writer, const struct rebut_scores *scores,
                         const struct evidence_chosen *chosen,
                         struct rebut_pack_maker *maker, struct rebut_error *err)
{
    struct rebut_signer signer;
    struct rebut_seal seal;
    char as_of[REBUT_TIME_SIZE], previous[REBUT_SEAL_HEX];
    uint64_t bytes = 0;
    rebut_time_format(scores->inference->frame->as_of, 8 * 60, as_of);
    const struct rebut_seal_about about = {
        as_of, scores->model->version, writer->wish->previous == NULL ? NULL : previous};
    if (about.previous != NULL &&
        !rebut_seal_hash(writer->wish->previous, previous, &bytes, err))
        return false;
    if (!rebut_signer_load(writer->wish->key_dir, &signer, err))
        return false;
    bool ok = rebut_seal_open(&seal, writer->options->output, &signer, &about, err);
    if (ok) {
        writer->seal = &seal;
        ok = write_packs(writer, scores, chosen, maker, err) &&
             rebut_seal_commit(&seal, err) &&
             (!writer->wish->ask_stamp ||
              rebut_seal_ask_stamp(writer->options->output, err));
        rebut_seal_release(&seal);
    }
    rebut_signer_wipe(&signer);
    return ok;
}

bool rebut_evidence_write(const struct evidence_wish *wish,
                          const struct rebut_work_options *options,
                          const struct rebut_scores *scores,
                          const struct evidence_chosen *chosen,
                          struct evidence_account *ret, struct rebut_error *err)
{
    unsigned char secret[REBUT_BUYERS_SECRET] = {0};
    const bool keyed = wish->key_dir != NULL;
    const struct rebut_pack_plan plan = {.secret = keyed ? secret : NULL,
                                         .retain_days = wish->retain_days,
                                         .appeals = wish->appeals,
                                         .edition = wish->edition};
    struct rebut_worklist worklist;
    struct writer writer = {
        .wish = wish, .options = options, .worklist = &worklist, .account = ret};
    rebut_worklist_open(&worklist, scores->inference->frame->as_of);
    struct rebut_pack_maker *maker = NULL;
    bool ok = (!keyed || rebut_buyers_secret_load(wish->key_dir, secret, err)) &&
              rebut_pack_maker_open(&maker, scores, &plan, err);
    explicit_bzero(secret, sizeof secret);
    ok = ok && make_folder(options->output, err) &&
         (keyed ? write_sealed(&writer, scores, chosen, maker, err)
                : write_packs(&writer, scores, chosen, maker, err));
    rebut_worklist_release(&worklist);
    rebut_pack_maker_close(maker);
    return ok;
}
