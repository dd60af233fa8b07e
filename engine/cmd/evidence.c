/* rebut evidence -- packs that a merchant files and a reviewer reads. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "queue_plan.h"
#include "rebut/explain.h"
#include "rebut/pack_json.h"
#include "rebut/pack_make.h"
#include "work.h"

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
    "  --forms LIST      of json (default)\n"
    "  --key-dir DIR     keys: pseudonym.key names buyers; without it they have no name\n"
    "  --retain DAYS     how long after the as-of time a pack may be kept (180)\n"
    "  --lang LANG       of pages and warnings: zh (default) or en\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines; warnings stay\n"
    "\n"
    "Where the merchant's own record explains the requests, a line on standard error "
    "says\n"
    "so before the pack is written, and the pack says it too.\n"
    "Example: rebut evidence --input events.ndjson.gz --request r000123 --output packs\n";

#define REQUESTS_MAX 10000

enum {
    OPTION_REQUEST = 256,
    OPTION_MERCHANT,
    OPTION_QUEUE,
    OPTION_FORMS,
    OPTION_KEY_DIR,
    OPTION_RETAIN
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
    {"key-dir", required_argument, NULL, OPTION_KEY_DIR},
    {"retain", required_argument, NULL, OPTION_RETAIN},
    {NULL, 0, NULL, 0}};

/* What is to be written, as the command line has it. */
struct wish {
    struct rebut_queue_wish queue; /* first: rebut_queue_option takes it */
    const char **requests;         /* [request_count] */
    size_t request_count;
    const char *merchant, *key_dir;
    bool use_queue, json;
    int retain_days;
};

static bool take_forms(struct wish *wish, const char *value, struct rebut_error *err)
{
    char word[16];
    wish->json = false;
    for (const char *at = value; *at != '\0';) {
        const size_t size = strcspn(at, ",");
        snprintf(word, sizeof word, "%.*s", (int)(size < 15 ? size : 15), at);
        if (strcmp(word, "json") != 0)
            return rebut_fail(err, REBUT_EUSAGE, "expected --forms json, got '%s'", word);
        wish->json = true;
        at += size + (at[size] == ',');
    }
    return wish->json || rebut_fail(err, REBUT_EUSAGE, "expected --forms json");
}

static bool take_option(void *own, int letter, const char *value, struct rebut_error *err)
{
    struct wish *wish = own;
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
        return take_forms(wish, value, err);
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

/* ---- which ---- */

/* Places in the list of scores. */
struct chosen {
    uint32_t *list; /* [count] */
    uint32_t count;
};

static bool choose_requests(const struct wish *wish, const struct rebut_scores *scores,
                            struct chosen *ret, struct rebut_error *err)
{
    for (size_t i = 0; i < wish->request_count; i++) {
        const struct rebut_score *score = NULL;
        if (!rebut_explain_find(scores, rebut_text_of(wish->requests[i]), &score, err))
            return false;
        ret->list[ret->count++] = (uint32_t)(score - scores->list);
    }
    return true;
}

static bool choose_merchant(const struct wish *wish, const struct rebut_scores *scores,
                            int64_t since, struct chosen *ret, struct rebut_error *err)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const struct rebut_state *state = frame->state;
    const struct rebut_text id = rebut_text_of(wish->merchant);
    const uint32_t merchant = rebut_intern_find(
        &state->merchant_ids, id, rebut_intern_hash(&state->merchant_ids, id));
    if (merchant == REBUT_INTERN_NONE)
        return rebut_fail(err, REBUT_EDATA, "no merchant '%.64s' up to the as-of time",
                          wish->merchant);
    for (uint32_t i = 0; i < scores->count; i++) {
        const struct rebut_frame_claim *claim = &frame->claims[scores->list[i].claim];
        const struct rebut_request *request = &state->requests.data[claim->request];
        if (state->orders.data[request->order].merchant == merchant &&
            request->at >= since)
            ret->list[ret->count++] = i;
    }
    return true;
}

/* As 'rebut queue --since' draws it, from the scores of these requests alone. */
static bool choose_queue(const struct wish *wish, const struct rebut_scores *scores,
                         int64_t since, struct chosen *ret, struct rebut_error *err)
{
    struct rebut_scores recent;
    struct rebut_queue queue;
    if (!rebut_scores_open(&recent, scores->inference, scores->model, since, err))
        return false;
    const bool ok = rebut_queue_open(&queue, &recent, &wish->queue.plan, err);
    for (uint32_t i = 0; ok && i < queue.count; i++)
        ret->list[ret->count++] =
            scores->by_claim[recent.list[queue.slots[i].score].claim];
    if (ok)
        rebut_queue_close(&queue);
    rebut_scores_close(&recent);
    return ok;
}

static bool choose(const struct wish *wish, const struct rebut_scores *scores,
                   int64_t since, struct chosen *ret, struct rebut_error *err)
{
    const size_t room = scores->count + wish->request_count + 1;
    *ret = (struct chosen){.list = malloc(room * sizeof *ret->list)};
    if (ret->list == NULL)
        return rebut_fail_memory(err, "what to write");
    const bool ok = wish->use_queue ? choose_queue(wish, scores, since, ret, err)
                    : wish->merchant != NULL
                        ? choose_merchant(wish, scores, since, ret, err)
                        : choose_requests(wish, scores, ret, err);
    if (!ok)
        free(ret->list);
    return ok;
}

/* ---- writing ---- */

struct writer {
    const struct rebut_work_options *options;
    const struct wish *wish;
    uint32_t written, warned;
};

/* Anybody's text on a terminal. */
static void print_plain(struct rebut_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];
        fputc(byte < 0x20 || byte == 0x7f ? '?' : byte, stderr);
    }
}

static void warn(struct writer *writer, const struct rebut_pack *pack)
{
    const bool zh = writer->options->language == REBUT_CHINESE;
    if (!pack->shop.explains)
        return;
    writer->warned++;
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

static bool write_pack(const struct writer *writer, const struct rebut_pack *pack,
                       struct rebut_error *err)
{
    struct rebut_output out;
    char name[REBUT_PACK_NAME], *path = NULL;
    rebut_pack_name(pack->header.request_id, name);
    if (asprintf(&path, "%s/pack-%s.json", writer->options->output, name) < 0)
        return rebut_fail_memory(err, "a path");
    bool ok = rebut_output_open(&out, path, err);
    if (ok) {
        rebut_pack_write(pack, &out);
        ok = rebut_output_place(&out, err);
        rebut_output_release(&out);
    }
    free(path);
    return ok;
}

static bool write_packs(struct writer *writer, const struct rebut_scores *scores,
                        const struct chosen *chosen, struct rebut_pack_maker *maker,
                        struct rebut_error *err)
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
        writer->written++;
    }
    return rebut_output_force(writer->options->output, err);
}

static bool read_secret(const char *folder, unsigned char ret[REBUT_PACK_SECRET],
                        struct rebut_error *err)
{
    char *path = NULL;
    if (asprintf(&path, "%s/pseudonym.key", folder) < 0)
        return rebut_fail_memory(err, "a path");
    FILE *file = fopen(path, "rb");
    unsigned char data[REBUT_PACK_SECRET + 1];
    const size_t size = file == NULL ? 0 : fread(data, 1, sizeof data, file);
    bool ok = file != NULL ||
              rebut_fail(err, REBUT_EIO, "cannot open '%s': %s", path, strerror(errno));
    if (ok && size != REBUT_PACK_SECRET)
        ok = rebut_fail(err, REBUT_EDATA, "'%s': expected %d bytes", path,
                        REBUT_PACK_SECRET);
    if (ok)
        memcpy(ret, data, REBUT_PACK_SECRET);
    explicit_bzero(data, sizeof data);
    if (file != NULL)
        fclose(file);
    free(path);
    return ok;
}

static bool make_folder(const char *path, struct rebut_error *err)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ||
           rebut_fail(err, REBUT_EIO, "cannot make '%s': %s", path, strerror(errno));
}

static bool write_chosen(struct writer *writer, const struct rebut_scores *scores,
                         const struct chosen *chosen, struct rebut_error *err)
{
    unsigned char secret[REBUT_PACK_SECRET];
    const struct wish *wish = writer->wish;
    struct rebut_pack_plan plan = {.retain_days = wish->retain_days};
    struct rebut_pack_maker *maker = NULL;
    if (wish->key_dir != NULL) {
        if (!read_secret(wish->key_dir, secret, err))
            return false;
        plan.secret = secret;
    }
    const bool ok = rebut_pack_maker_open(&maker, scores, &plan, err) &&
                    make_folder(writer->options->output, err) &&
                    write_packs(writer, scores, chosen, maker, err);
    rebut_pack_maker_close(maker);
    explicit_bzero(secret, sizeof secret);
    return ok;
}

static bool write_evidence(struct rebut_work *work,
                           const struct rebut_work_options *options, void *own,
                           struct rebut_error *err)
{
    struct wish *wish = own;
    struct writer writer = {.options = options, .wish = wish};
    struct rebut_scores scores;
    struct chosen chosen;
    if (!wish->queue.seeded)
        wish->queue.plan.seed = (uint64_t)work->as_of;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, INT64_MIN, err))
        return false;
    bool ok = choose(wish, &scores, options->since, &chosen, err);
    if (ok) {
        ok = write_chosen(&writer, &scores, &chosen, err) &&
             (!work->has_rejects || rebut_rejects_commit(&work->rejects, err));
        free(chosen.list);
    }
    rebut_scores_close(&scores);
    if (ok && !options->quiet)
        fprintf(stderr,
                "%" PRIu32 " packs; in %" PRIu32
                " the shop's own record explains the requests\n",
                writer.written, writer.warned);
    return ok;
}

static int check_line(const struct wish *wish, const struct rebut_work_options *options)
{
    const int ways =
        (wish->request_count > 0) + (wish->merchant != NULL) + wish->use_queue;
    if (ways != 1)
        return rebut_command_usage(&rebut_command_evidence,
                                   "expected one of --request, --merchant and --queue");
    if (options->output == NULL)
        return rebut_command_usage(&rebut_command_evidence, "expected --output DIR");
    return -1;
}

static int run(int argc, char **argv)
{
    static const char *requests[REQUESTS_MAX];
    struct wish wish = {.queue = REBUT_QUEUE_WISH,
                        .requests = requests,
                        .json = true,
                        .retain_days = REBUT_PACK_RETAIN_DAYS};
    const struct rebut_work_line line = {&rebut_command_evidence, long_options,
                                         take_option, &wish};
    struct rebut_work_options options;
    struct rebut_work work;
    struct rebut_error err = {0};
    int code = rebut_work_read_line(&line, argc, argv, &options);
    if (code < 0)
        code = check_line(&wish, &options);
    if (code >= 0)
        return code;
    const bool ok = rebut_work_open(&work, &options, true, &err) &&
                    write_evidence(&work, &options, &wish, &err);
    rebut_work_close(&work);
    return ok ? 0 : rebut_command_failed(&rebut_command_evidence, &err);
}

const struct rebut_command rebut_command_evidence = {
    .name = "evidence",
    .summary = "packs for an appeal: claims, contradictions, records, every number",
    .usage_text = usage_text,
    .run = run,
};
