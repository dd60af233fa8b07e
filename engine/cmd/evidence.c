/* rebut evidence -- packs that a merchant files and a reviewer reads. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence_parts.h"
#include "rebut/appeals_store.h"
#include "rebut/pack_make.h"

static const char usage_text[] =
    "usage: rebut evidence (--input PATH | --store CONNINFO) --output DIR\n"
    "           (--request ID... | --merchant ID [--since TIME] | --queue) [OPTIONS]\n"
    "\n"
    "Writes an evidence pack for each request asked for, pack-HASH.json in DIR: what\n"
    "happened and when, each claim of the buyer beside the records that support it and\n"
    "those that contradict it, the buyer's record under a pseudonym, the merchant's own\n"
    "record, where the same pictures and words stand elsewhere, the score line by line,\n"
    "and the inputs from which 'rebut recompute' makes every number again.  No account,\n"
    "device, address or other shop is named.\n"
    "\n"
    "  --input PATH      events (see 'rebut score --help'); may be given again\n"
    "  --store CONNINFO  or a database ('' for the PG* environment)\n"
    "  --source-schema S where in it the events are (see 'rebut score --help')\n"
    "  --output DIR      where to write; made when it is not there\n"
    "  --request ID      this request; may be given again\n"
    "  --merchant ID     all refund-only requests of a merchant\n"
    "  --queue           those that 'rebut queue' would draw, with its --fdr, --budget,\n"
    "                    --random, --seed and --even\n"
    "  --since TIME      requests made at TIME or later, of --merchant and --queue\n"
    "  --as-of TIME      use events up to TIME only (default: the last event)\n"
    "  --model FILE      a model written by 'rebut fit' (default: fit one)\n"
    "  --edition NAME    shop (default): what is the buyer's over all shops is rounded, "
    "so\n"
    "                    that two shops cannot tell by it that they have the same "
    "buyer;\n"
    "                    platform: exact, for reviewer, platform and court.  A shop's "
    "pack\n"
    "                    carries the hash of the platform's: 'rebut verify --exact'\n"
    "  --worklist LIST   csv and xlsx: worklist.csv and worklist.xlsx beside the packs, "
    "a\n"
    "                    row a pack, the request worth most first\n"
    "  --forms LIST      of json (default), html and pdf, pages for people, and txt, "
    "what\n"
    "                    to write in the platform's form\n"
    "  --form NAME       that form: a name that 'rebut forms' lists, or a JSON file\n"
    "  --key-dir DIR     keys of 'rebut keygen': buyers get their pseudonyms, and DIR a\n"
    "                    signed manifest.json; without keys neither\n"
    "  --appeals FILE    what became of appeals (see 'rebut appeals --help'): gives "
    "packs\n"
    "                    their deadlines, the worklist how likely each is to succeed;\n"
    "                    with --store they are the database's unless this is given\n"
    "  --previous FILE   the manifest of the bundle that this one follows\n"
    "  --timestamp-request  also write manifest.tsq, an RFC 3161 request for a time "
    "stamp\n"
    "                    of manifest.sig; the authority's reply goes to manifest.tsr\n"
    "  --retain DAYS     how long after the as-of time a pack may be kept (180)\n"
    "  --lang LANG       of pages and warnings: zh (default) or en\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines; warnings stay\n"
    "\n"
    "A bundle is a folder of its own: 'rebut verify' complains of files that are not in\n"
    "the manifest.  Where the merchant's own record explains the requests, a line on\n"
    "standard error says so before the pack is written, and the pack says it too.\n"
    "Example: rebut evidence --input events.ndjson.gz --request r000123 --output packs\n";

#define REQUESTS_MAX 10000

enum {
    OPTION_REQUEST = 256,
    OPTION_MERCHANT,
    OPTION_QUEUE,
    OPTION_FORMS,
    OPTION_WORKLIST,
    OPTION_FORM,
    OPTION_KEY_DIR,
    OPTION_PREVIOUS,
    OPTION_STAMP,
    OPTION_RETAIN,
    OPTION_APPEALS,
    OPTION_EDITION
};

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    REBUT_WORK_STORE_OPTIONS,
    {"since", required_argument, NULL, REBUT_OPTION_SINCE},
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    REBUT_QUEUE_LONG_OPTIONS,
    {"request", required_argument, NULL, OPTION_REQUEST},
    {"merchant", required_argument, NULL, OPTION_MERCHANT},
    {"queue", no_argument, NULL, OPTION_QUEUE},
    {"forms", required_argument, NULL, OPTION_FORMS},
    {"worklist", required_argument, NULL, OPTION_WORKLIST},
    {"form", required_argument, NULL, OPTION_FORM},
    {"key-dir", required_argument, NULL, OPTION_KEY_DIR},
    {"previous", required_argument, NULL, OPTION_PREVIOUS},
    {"timestamp-request", no_argument, NULL, OPTION_STAMP},
    {"retain", required_argument, NULL, OPTION_RETAIN},
    {"appeals", required_argument, NULL, OPTION_APPEALS},
    {"edition", required_argument, NULL, OPTION_EDITION},
    {NULL, 0, NULL, 0}};

static bool refuse_word(const char *const words[], int count, const char *option,
                        struct rebut_text came, struct rebut_error *err)
{
    char known[80] = "";
    size_t used = 0;
    for (int i = 0; i < count && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                                 i == 0          ? ""
                                 : i + 1 < count ? ", "
                                                 : " or ",
                                 words[i]);
    return rebut_fail(err, REBUT_EUSAGE, "expected %s of %s, got '%.*s'", option, known,
                      (int)(came.size < 20 ? came.size : 20), came.data);
}

bool rebut_evidence_list(const char *list, const char *const words[], int count,
                         const char *option, unsigned *ret_bits, struct rebut_error *err)
{
    unsigned bits = 0;
    for (const char *at = list; *at != '\0';) {
        const size_t size = strcspn(at, ",");
        int word = 0;
        while (word < count &&
               (strlen(words[word]) != size || strncmp(words[word], at, size) != 0))
            word++;
        if (word == count)
            return refuse_word(words, count, option, (struct rebut_text){at, size}, err);
        bits |= 1u << word;
        at += size + (at[size] == ',');
    }
    *ret_bits = bits;
    return bits != 0 || rebut_fail(err, REBUT_EUSAGE, "expected %s LIST", option);
}

static bool take_edition(struct evidence_wish *wish, const char *value,
                         struct rebut_error *err)
{
    for (int edition = 0; edition < REBUT_EDITIONS; edition++)
        if (strcmp(value, rebut_words_edition[edition]) == 0) {
            wish->edition = (enum rebut_pack_edition)edition;
            return true;
        }
    return rebut_fail(err, REBUT_EUSAGE,
                      "expected --edition shop or platform, got '%.20s'", value);
}

static bool take_option(void *own, int letter, const char *value, struct rebut_error *err)
{
    struct evidence_wish *wish = own;
    int64_t days = 0;
    switch (letter) {
    case OPTION_REQUEST:
        if (wish->request_count == REQUESTS_MAX)
            return rebut_fail(err, REBUT_EUSAGE, "at most %d requests", REQUESTS_MAX);
        wish->requests[wish->request_count++] = value;
        return true;
    case OPTION_MERCHANT:
        wish->merchant = value;
        return true;
    case OPTION_QUEUE:
        wish->use_queue = true;
        return true;
    case OPTION_FORMS:
        return rebut_evidence_forms(value, &wish->forms, err);
    case OPTION_WORKLIST:
        return rebut_evidence_worklist_forms(value, &wish->worklist, err);
    case OPTION_FORM:
        wish->form_name = value;
        return true;
    case OPTION_PREVIOUS:
        wish->previous = value;
        return true;
    case OPTION_EDITION:
        return take_edition(wish, value, err);
    case OPTION_APPEALS:
        wish->appeals_file = value;
        return true;
    case OPTION_STAMP:
        wish->ask_stamp = true;
        return true;
    case OPTION_KEY_DIR:
        wish->key_dir = value;
        return true;
    case OPTION_RETAIN:
        if (!rebut_text_int64(rebut_text_of(value), &days) || days < 1 || days > 3650)
            return rebut_fail(err, REBUT_EUSAGE,
                              "expected --retain from 1 to 3650, got '%.20s'", value);
        wish->retain_days = (int)days;
        return true;
    default:
        return rebut_queue_option(&wish->queue, letter, value, err);
    }
}

/* Those of the database, if it has any that this login may read. */
static bool read_store_appeals(const struct rebut_work_options *options, int64_t as_of,
                               struct rebut_appeals *ret, bool *ret_have,
                               struct rebut_error *err)
{
    struct rebut_store *store = NULL;
    *ret_have = false;
    const bool ok = rebut_store_open(&store, options->store, "evidence", err) &&
                    rebut_appeals_seen(store, ret_have, err) &&
                    (!*ret_have || rebut_appeals_read(ret, store, as_of, err));
    rebut_store_close(store);
    if (ok && !*ret_have && !options->quiet)
        fprintf(stderr, "rebut evidence: this login may not read appeals: packs have no "
                        "deadlines\n");
    return ok;
}

/* What appeals were and have taught by now, from the file or else the database. */
static bool read_appeals(struct evidence_wish *wish,
                         const struct rebut_work_options *options,
                         const struct rebut_scores *scores, struct rebut_appeals *ret,
                         struct rebut_error *err)
{
    const int64_t as_of = scores->inference->frame->as_of;
    bool have = wish->appeals_file != NULL;
    *ret = (struct rebut_appeals){0};
    if (have && !rebut_appeals_open(ret, wish->appeals_file, as_of, err))
        return false;
    if (!have && options->store != NULL &&
        !read_store_appeals(options, as_of, ret, &have, err))
        return false;
    if (!have)
        return true;
    wish->appeals = ret;
    return rebut_appeals_learn_scores(ret, scores, err);
}

static bool write_evidence(struct rebut_work *work,
                           const struct rebut_work_options *options, void *own,
                           struct rebut_error *err)
{
    struct evidence_wish *wish = own;
    struct evidence_account account = {0};
    struct rebut_scores scores;
    struct rebut_appeals appeals;
    struct evidence_chosen chosen;
    if (!wish->queue.seeded)
        wish->queue.plan.seed = (uint64_t)work->as_of;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, INT64_MIN, err))
        return false;
    bool ok = read_appeals(wish, options, &scores, &appeals, err) &&
              rebut_evidence_choose(wish, &scores, options->since, &chosen, err);
    if (ok) {
        ok = rebut_evidence_write(wish, options, &scores, &chosen, &account, err) &&
             (!work->has_rejects || rebut_rejects_commit(&work->rejects, err));
        free(chosen.list);
    }
    rebut_appeals_close(&appeals);
    rebut_scores_close(&scores);
    if (ok && !options->quiet)
        fprintf(stderr,
                "%" PRIu32 " packs; in %" PRIu32
                " the shop's own record explains the requests\n",
                account.written, account.warned);
    return ok;
}

static int check_line(const struct evidence_wish *wish,
                      const struct rebut_work_options *options)
{
    const int ways =
        (wish->request_count > 0) + (wish->merchant != NULL) + wish->use_queue;
    if (ways != 1)
        return rebut_command_usage(&rebut_command_evidence,
                                   "expected one of --request, --merchant and --queue");
    if (options->output == NULL)
        return rebut_command_usage(&rebut_command_evidence, "expected --output DIR");
    if (wish->previous != NULL && wish->key_dir == NULL)
        return rebut_command_usage(&rebut_command_evidence,
                                   "expected --key-dir with --previous");
    if ((wish->forms >> EVIDENCE_TEXT & 1) != (wish->form_name != NULL))
        return rebut_command_usage(&rebut_command_evidence,
                                   "expected --form NAME and 'txt' among --forms, both "
                                   "or neither");
    if (wish->ask_stamp && wish->key_dir == NULL)
        return rebut_command_usage(&rebut_command_evidence,
                                   "expected --key-dir with --timestamp-request");
    return -1;
}

static int run(int argc, char **argv)
{
    static const char *requests[REQUESTS_MAX];
    struct evidence_wish wish = {.queue = REBUT_QUEUE_WISH,
                                 .requests = requests,
                                 .forms = 1u << EVIDENCE_JSON,
                                 .retain_days = REBUT_PACK_RETAIN_DAYS};
    const struct rebut_work_line line = {&rebut_command_evidence, long_options,
                                         take_option, &wish, false};
    struct rebut_work_options options;
    struct rebut_work work;
    struct rebut_error err = {0};
    int code = rebut_work_read_line(&line, argc, argv, &options);
    if (code < 0)
        code = check_line(&wish, &options);
    if (code >= 0)
        return code;
    if (wish.form_name != NULL && !rebut_form_find(wish.form_name, &wish.form, &err))
        return rebut_command_failed(&rebut_command_evidence, &err);
    const bool ok = rebut_work_open(&work, &options, true, &err) &&
                    write_evidence(&work, &options, &wish, &err);
    rebut_work_close(&work);
    rebut_form_release(&wish.form);
    return ok ? 0 : rebut_command_failed(&rebut_command_evidence, &err);
}

const struct rebut_command rebut_command_evidence = {
    .name = "evidence",
    .summary = "packs for an appeal: claims, contradictions, records, every number",
    .usage_text = usage_text,
    .run = run,
};
