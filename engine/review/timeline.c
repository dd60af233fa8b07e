/* What happened, from the rows of a case. */
#include <stdio.h>
#include <stdlib.h>

#include "parts.h"

/* The events, the moments that become of them (an order has a promise beside it), and
 * what people wrote, one after the other, each ended by a NUL. */
struct timeline {
    const struct rebut_rows *events;
    const char *request_id;
    enum rebut_language language;
    struct rebut_case_moment *moments; /* [2 * events] */
    size_t *words;                     /* [2 * events]: from 1 in `quoted`; 0: none */
    int count;
    struct rebut_output quoted;
    int64_t ordered_at, signed_at;
    bool shipped;
};

static const char *cell(const struct timeline *timeline, int row, int column)
{
    return rebut_review_cell(timeline->events, row, column);
}

/* The place of a word in a vocabulary; 0, which is "absent", of any other. */
static int word_of(const char *const *words, int count, const char *word)
{
    for (int i = 1; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return 0;
}

static struct rebut_case_moment *add(struct timeline *timeline, int64_t at, int kind,
                                     const char *what)
{
    struct rebut_case_moment *moment = &timeline->moments[timeline->count++];
    *moment = (struct rebut_case_moment){.at = at, .kind = kind};
    snprintf(moment->what, sizeof moment->what, "%s", what);
    return moment;
}

/* Words for the moment added last. */
static void quote(struct timeline *timeline, const char *words)
{
    if (words[0] == '\0')
        return;
    timeline->words[timeline->count - 1] = timeline->quoted.used + 1;
    rebut_review_quote(words, &timeline->quoted);
    rebut_output_write(&timeline->quoted, "", 1);
}

static const char *say(const struct timeline *timeline, enum rebut_case_word word)
{
    return rebut_case_say(word, timeline->language);
}

static int64_t amount_of(const struct timeline *timeline, int row)
{
    return rebut_rows_integer(timeline->events, row, REBUT_CASE_EVENT_AMOUNT);
}

static void add_order(struct timeline *timeline, int row, int64_t at)
{
    struct rebut_case_moment *moment =
        add(timeline, at, 0, say(timeline, REBUT_CASE_ORDERED));
    snprintf(moment->more, sizeof moment->more, "%.128s %.40s %.2f",
             cell(timeline, row, REBUT_CASE_EVENT_CATEGORY),
             cell(timeline, row, REBUT_CASE_EVENT_CHANNEL),
             (double)amount_of(timeline, row) / 100);
    quote(timeline, cell(timeline, row, REBUT_CASE_EVENT_TITLE));
    timeline->ordered_at = at;
    if (cell(timeline, row, REBUT_CASE_EVENT_PROMISED)[0] != '\0')
        add(timeline,
            rebut_rows_integer(timeline->events, row, REBUT_CASE_EVENT_PROMISED), 1,
            say(timeline, REBUT_CASE_PROMISED));
}

static void add_request(struct timeline *timeline, int row, int64_t at)
{
    const char *id = cell(timeline, row, REBUT_CASE_EVENT_REQUEST_ID);
    const bool goods_back =
        strcmp(cell(timeline, row, REBUT_CASE_EVENT_KIND), "return_refund") == 0;
    const int64_t photos =
        rebut_rows_integer(timeline->events, row, REBUT_CASE_EVENT_PHOTOS);
    struct rebut_case_moment *moment = add(
        timeline, at, 3,
        say(timeline, goods_back ? REBUT_CASE_RETURN_REQUESTED : REBUT_CASE_REQUESTED));
    if (strcmp(id, timeline->request_id) != 0) {
        const size_t used = strlen(moment->what);
        snprintf(moment->what + used, sizeof moment->what - used, " [%.64s]", id);
    }
    const int reason = word_of(rebut_words_reason, REBUT_REASONS,
                               cell(timeline, row, REBUT_CASE_EVENT_REASON));
    rebut_case_asked(moment, (enum rebut_reason)reason, amount_of(timeline, row),
                     timeline->signed_at, timeline->language);
    if (photos > 0) {
        const size_t used = strlen(moment->more);
        snprintf(moment->more + used, sizeof moment->more - used,
                 timeline->language == REBUT_CHINESE ? "，%lld 张图片" : ", photos: %lld",
                 (long long)photos);
    }
    quote(timeline, cell(timeline, row, REBUT_CASE_EVENT_TEXT));
}

static void add_contact(struct timeline *timeline, int row, int64_t at)
{
    char what[REBUT_CASE_WHAT];
    const int by = word_of(rebut_words_party, REBUT_PARTIES,
                           cell(timeline, row, REBUT_CASE_EVENT_BY));
    const int kind = word_of(rebut_words_contact_kind, REBUT_CONTACTS,
                             cell(timeline, row, REBUT_CASE_EVENT_KIND));
    rebut_case_contact((enum rebut_party)by, (enum rebut_contact_kind)kind,
                       timeline->language, what);
    add(timeline, at, 4, what);
    quote(timeline, cell(timeline, row, REBUT_CASE_EVENT_TEXT));
}

static void add_outcome(struct timeline *timeline, int row, int64_t at)
{
    const int outcome = word_of(rebut_words_outcome, REBUT_OUTCOMES,
                                cell(timeline, row, REBUT_CASE_EVENT_OUTCOME));
    struct rebut_case_moment *moment =
        add(timeline, at, 5,
            rebut_case_outcome((enum rebut_outcome)outcome, timeline->language));
    snprintf(moment->more, sizeof moment->more, "%s",
             say(timeline, REBUT_CASE_NO_EVIDENCE));
}

static void add_delivery(struct timeline *timeline, int row, int64_t at)
{
    const int by = word_of(rebut_words_signed_by, REBUT_SIGNEDS,
                           cell(timeline, row, REBUT_CASE_EVENT_SIGNED_BY));
    struct rebut_case_moment *moment =
        add(timeline, at, 2, say(timeline, REBUT_CASE_DELIVERED));
    snprintf(moment->more, sizeof moment->more, "%s",
             rebut_case_signed((enum rebut_signed_by)by, timeline->language));
}

static void add_event(struct timeline *timeline, int row)
{
    const char *type = cell(timeline, row, REBUT_CASE_EVENT_TYPE);
    const int64_t at = rebut_rows_integer(timeline->events, row, REBUT_CASE_EVENT_AT);
    switch (word_of(rebut_words_type, REBUT_EVENT_TYPES, type)) {
    case REBUT_EVENT_SHIPMENT:
        snprintf(add(timeline, at, 1, say(timeline, REBUT_CASE_SHIPPED))->more,
                 sizeof timeline->moments->more, "%.128s",
                 cell(timeline, row, REBUT_CASE_EVENT_CARRIER));
        timeline->shipped = true;
        break;
    case REBUT_EVENT_DELIVERY:
        add_delivery(timeline, row, at);
        break;
    case REBUT_EVENT_CONTACT:
        add_contact(timeline, row, at);
        break;
    case REBUT_EVENT_REQUEST:
        add_request(timeline, row, at);
        break;
    case REBUT_EVENT_OUTCOME:
        add_outcome(timeline, row, at);
        break;
    default:
        add_order(timeline, row, at);
    }
}

static void write_timeline(struct timeline *timeline, struct rebut_output *out)
{
    for (int i = 0; i < timeline->count; i++)
        if (timeline->words[i] > 0)
            timeline->moments[i].words = timeline->quoted.buffer + timeline->words[i] - 1;
    rebut_case_write_timeline(timeline->moments, timeline->count, timeline->ordered_at,
                              timeline->language, out);
    if (!timeline->shipped)
        rebut_output_print(out, "  %s\n", say(timeline, REBUT_CASE_NO_SHIPMENT));
    if (timeline->signed_at == REBUT_TIME_NONE)
        rebut_output_print(out, "  %s\n", say(timeline, REBUT_CASE_NOT_DELIVERED));
}

/* Read when the order was made and delivered first: requests say how long after. */
static void find_bounds(struct timeline *timeline)
{
    for (int row = 0; row < timeline->events->count; row++)
        if (strcmp(cell(timeline, row, REBUT_CASE_EVENT_TYPE), "delivery") == 0)
            timeline->signed_at =
                rebut_rows_integer(timeline->events, row, REBUT_CASE_EVENT_AT);
}

bool rebut_review_timeline(const struct rebut_case_sheet *sheet,
                           enum rebut_language language, struct rebut_output *out,
                           struct rebut_error *err)
{
    const size_t most = 2 * (size_t)sheet->events.count;
    struct timeline timeline = {
        .events = &sheet->events,
        .request_id = rebut_review_cell(&sheet->score, 0, REBUT_CASES_REQUEST_ID),
        .language = language,
        .ordered_at = rebut_rows_integer(&sheet->score, 0, REBUT_CASES_REQUESTED_AT),
        .signed_at = REBUT_TIME_NONE};
    if (!rebut_output_memory(&timeline.quoted, err))
        return false;
    timeline.moments = calloc(most + 1, sizeof *timeline.moments);
    timeline.words = calloc(most + 1, sizeof *timeline.words);
    bool ok = timeline.moments != NULL && timeline.words != NULL;
    if (ok) {
        find_bounds(&timeline);
        for (int row = 0; row < sheet->events.count; row++)
            add_event(&timeline, row);
        ok = timeline.quoted.cause == 0;
    }
    if (ok)
        write_timeline(&timeline, out);
    else
        rebut_fail_memory(err, "a timeline");
    free(timeline.moments);
    free(timeline.words);
    rebut_output_release(&timeline.quoted);
    return ok;
}
