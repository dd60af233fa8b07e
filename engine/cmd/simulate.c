/* rebut simulate -- a platform whose truth is known, to test detectors on. */
#include "rebut/simulate.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "command.h"
#include "rebut/output.h"

#define PACKED_ROOM ((size_t)1 << 17)

/* Events on their way to a file, packed as its name asks. */
struct packer {
    struct rebut_output output;
    enum { PACK_NONE, PACK_GZIP, PACK_ZSTD } way;
    z_stream gzip;
    bool gzip_open;
    ZSTD_CStream *zstd;
    unsigned char *room; /* [PACKED_ROOM] */
};

static bool has_suffix(const char *path, const char *suffix)
{
    const size_t size = path == NULL ? 0 : strlen(path);
    const size_t ending = strlen(suffix);
    return size > ending && strcmp(path + size - ending, suffix) == 0;
}

static bool packer_open(struct packer *packer, const char *path, struct rebut_error *err)
{
    if (!rebut_output_open(&packer->output, path, err))
        return false;
    packer->way = has_suffix(path, ".gz")    ? PACK_GZIP
                  : has_suffix(path, ".zst") ? PACK_ZSTD
                                             : PACK_NONE;
    if (packer->way == PACK_NONE)
        return true;
    packer->room = malloc(PACKED_ROOM);
    if (packer->way == PACK_ZSTD) {
        packer->zstd = ZSTD_createCStream();
        return (packer->room != NULL && packer->zstd != NULL) ||
               rebut_fail_memory(err, "compression");
    }
    /* 16 more window bits ask for the gzip header, which here holds no time or name. */
    packer->gzip_open =
        packer->room != NULL && deflateInit2(&packer->gzip, 6, Z_DEFLATED, 15 + 16, 8,
                                             Z_DEFAULT_STRATEGY) == Z_OK;
    return packer->gzip_open || rebut_fail_memory(err, "compression");
}

static bool output_failed(struct packer *packer, struct rebut_error *err)
{
    /* The commit of a failed output says what went wrong, and commits nothing. */
    if (rebut_output_commit(&packer->output, err))
        return rebut_fail(err, REBUT_EIO, "cannot write the output");
    return false;
}

static bool pack_gzip(struct packer *packer, const char *data, size_t size, bool last,
                      struct rebut_error *err)
{
    z_stream *gzip = &packer->gzip;
    memcpy(&gzip->next_in, &data, sizeof data); /* zlib reads it, but says not const */
    gzip->avail_in = (uInt)size;
    do {
        gzip->next_out = packer->room;
        gzip->avail_out = PACKED_ROOM;
        if (deflate(gzip, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
            return rebut_fail(err, REBUT_EIO, "cannot compress");
        if (!rebut_output_write(&packer->output, packer->room,
                                PACKED_ROOM - gzip->avail_out))
            return output_failed(packer, err);
    } while (gzip->avail_out == 0);
    return true;
}

static bool pack_zstd(struct packer *packer, const char *data, size_t size, bool last,
                      struct rebut_error *err)
{
    ZSTD_inBuffer in = {data, size, 0};
    for (;;) {
        ZSTD_outBuffer out = {packer->room, PACKED_ROOM, 0};
        const size_t left = ZSTD_compressStream2(packer->zstd, &out, &in,
                                                 last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return rebut_fail(err, REBUT_EIO, "cannot compress: %s",
                              ZSTD_getErrorName(left));
        if (!rebut_output_write(&packer->output, packer->room, out.pos))
            return output_failed(packer, err);
        if (last ? left == 0 : in.pos == in.size)
            return true;
    }
}

static bool pack(struct packer *packer, const char *data, size_t size, bool last,
                 struct rebut_error *err)
{
    switch (packer->way) {
    case PACK_GZIP:
        return pack_gzip(packer, data, size, last, err);
    case PACK_ZSTD:
        return pack_zstd(packer, data, size, last, err);
    default:
        return rebut_output_write(&packer->output, data, size) ||
               output_failed(packer, err);
    }
}

static bool packer_write(void *to, const char *data, size_t size, struct rebut_error *err)
{
    return pack(to, data, size, false, err);
}

static bool packer_commit(struct packer *packer, struct rebut_error *err)
{
    return pack(packer, "", 0, true, err) && rebut_output_commit(&packer->output, err);
}

static void packer_release(struct packer *packer)
{
    if (packer->gzip_open)
        deflateEnd(&packer->gzip);
    ZSTD_freeCStream(packer->zstd);
    free(packer->room);
    rebut_output_release(&packer->output);
}

static bool write_platform(const struct rebut_simulation *plan, const char *events_path,
                           const char *truth_path, struct rebut_error *err)
{
    struct packer events = {.output = {.fd = -1}};
    struct packer truth = {.output = {.fd = -1}};
    const struct rebut_simulate_sink to_events = {packer_write, &events};
    const struct rebut_simulate_sink to_truth = {packer_write, &truth};
    struct rebut_simulate_counts counts;
    bool ok = false;
    if (!packer_open(&events, events_path, err) ||
        (truth_path != NULL && !packer_open(&truth, truth_path, err)))
        goto done;
    if (!rebut_simulate(plan, &to_events, truth_path == NULL ? NULL : &to_truth, &counts,
                        err))
        goto done;
    if (!packer_commit(&events, err) ||
        (truth_path != NULL && !packer_commit(&truth, err)))
        goto done;
    ok = true;
done:
    packer_release(&events);
    packer_release(&truth);
    return ok;
}

static bool parse_whole(const char *argument, const char *name, uint64_t least,
                        uint64_t most, uint64_t *ret)
{
    int64_t value = 0;
    if (!rebut_text_int64(rebut_text_of(argument), &value) || value < (int64_t)least ||
        (uint64_t)value > most) {
        rebut_command_usage(&rebut_command_simulate,
                            "'--%s' takes a whole number from %" PRIu64 " to %" PRIu64
                            ", got '%.40s'",
                            name, least, most, argument);
        return false;
    }
    *ret = (uint64_t)value;
    return true;
}

static const struct option options[] = {
    {"orders", required_argument, NULL, 'n'}, {"days", required_argument, NULL, 'd'},
    {"seed", required_argument, NULL, 's'},   {"setting", required_argument, NULL, 'S'},
    {"start", required_argument, NULL, 'b'},  {"output", required_argument, NULL, 'o'},
    {"truth", required_argument, NULL, 't'},  {"no-verdicts", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'h'},         {0},
};

struct request {
    struct rebut_simulation plan;
    const char *events_path, *truth_path;
    bool help;
};

static bool is_setting(const char *name)
{
    for (size_t i = 0; rebut_simulate_settings[i].name != NULL; i++)
        if (strcmp(rebut_simulate_settings[i].name, name) == 0)
            return true;
    rebut_command_usage(&rebut_command_simulate,
                        "expected --setting base, rare, weak, rings, counterfeit, "
                        "multiply or attack, got '%.40s'",
                        name);
    return false;
}

static bool parse_start(const char *argument, int64_t *ret)
{
    struct rebut_error err = {0};
    if (rebut_time_parse_argument(argument, ret, &err))
        return true;
    rebut_command_usage(&rebut_command_simulate, "'--start': %s", err.message);
    return false;
}

/* One option; false when the command line was refused. */
static bool parse_option(int letter, struct request *ret)
{
    struct rebut_simulation *plan = &ret->plan;
    uint64_t whole = 0;
    switch (letter) {
    case 'n':
        return parse_whole(optarg, "orders", 1, REBUT_SIMULATE_ORDERS_MAX, &plan->orders);
    case 'd':
        if (!parse_whole(optarg, "days", 1, REBUT_SIMULATE_DAYS_MAX, &whole))
            return false;
        plan->days = (uint32_t)whole;
        return true;
    case 's':
        return parse_whole(optarg, "seed", 0, INT64_MAX, &plan->seed);
    case 'S':
        plan->setting = optarg;
        return is_setting(optarg);
    case 'b':
        return parse_start(optarg, &plan->start);
    case 'o':
        ret->events_path = optarg;
        return true;
    case 't':
        ret->truth_path = optarg;
        return true;
    case 'V':
        plan->no_verdicts = true;
        return true;
    case 'h':
        ret->help = true;
        return true;
    default:
        rebut_command_usage(&rebut_command_simulate,
                            "the command line is not understood");
        return false;
    }
}

/* Both at the same place, be it standard output. */
static bool is_same_output(const char *events_path, const char *truth_path)
{
    if (events_path == NULL)
        events_path = "-";
    return truth_path != NULL && strcmp(events_path, truth_path) == 0;
}

static int run_simulate(int argc, char **argv)
{
    struct request request = {0};
    rebut_simulation_init(&request.plan);
    opterr = 0;
    optind = 1;
    for (int letter; (letter = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!parse_option(letter, &request))
            return 2;
    if (request.help)
        return rebut_command_help(&rebut_command_simulate);
    if (optind < argc)
        return rebut_command_usage(&rebut_command_simulate,
                                   "'%.40s' is one word too many", argv[optind]);
    if (is_same_output(request.events_path, request.truth_path))
        return rebut_command_usage(&rebut_command_simulate,
                                   "'--output' and '--truth' must differ");
    struct rebut_error err = {0};
    if (!write_platform(&request.plan, request.events_path, request.truth_path, &err))
        return rebut_command_failed(&rebut_command_simulate, &err);
    return 0;
}

const struct rebut_command rebut_command_simulate = {
    .name = "simulate",
    .summary = "make a platform whose truth is known, of any size",
    .usage_text =
        "usage: rebut simulate [--setting NAME] [--orders N] [--days D] [--seed S]\n"
        "                      [--start TIME] [--output FILE] [--truth FILE]\n"
        "                      [--no-verdicts]\n"
        "\n"
        "Makes the events of an invented platform: the same bytes for the same options.\n"
        "\n"
        "  --setting NAME   base, rare, weak, rings, counterfeit, multiply or attack\n"
        "  --orders N       exactly so many orders (100000; at most 10^9)\n"
        "  --days D         spread over so many days (120; at most 3650)\n"
        "  --seed S         another platform for every number (1)\n"
        "  --start TIME     when the first day begins (2026-03-01T00:00:00+08:00)\n"
        "  --output FILE    the events, NDJSON (standard output); FILE.gz and FILE.zst\n"
        "                   are packed\n"
        "  --truth FILE     what was really behind each refund-only request, CSV\n"
        "  --no-verdicts    leave out what reviewers said; nothing else changes\n"
        "\n"
        "Settings: base has every kind of abuse in likely proportions; rare a seventh "
        "of\n"
        "the abusers; weak abusers who ask seldom; rings groups with a script;\n"
        "counterfeit many counterfeit sellers and professional claimants; multiply "
        "abusers\n"
        "who hide where merchants are at fault; attack fresh accounts that fall upon\n"
        "small honest merchants.\n",
    .run = run_simulate,
};
