/* The account of what was read, for a person and as JSON. */
#include <inttypes.h>
#include <stdio.h>

#include "rebut/ingest.h"

struct group {
    const char *name, *words; /* in JSON, and for a person */
    const uint64_t *counts;
    const char *const *labels;
    size_t length;
};

#define GROUPS 6

static void groups_of(const struct rebut_ingested *ingested, struct group ret[GROUPS])
{
    const struct group groups[GROUPS] = {
        {"refused", "refused", ingested->refused, rebut_words_refusal, REBUT_REFUSALS},
        {"after", "later than as-of", ingested->after, rebut_words_type,
         REBUT_EVENT_TYPES},
        {"orphans", "orphans", ingested->orphans, rebut_words_type, REBUT_EVENT_TYPES},
        {"conflicts", "conflicts", ingested->conflicts, rebut_words_type,
         REBUT_EVENT_TYPES},
        {"duplicates", "duplicates", ingested->duplicates, rebut_words_type,
         REBUT_EVENT_TYPES},
        {"applied", "applied", ingested->applied, rebut_words_type, REBUT_EVENT_TYPES},
    };
    memcpy(ret, groups, sizeof groups);
}

/* "1,234,567" */
static void put_number(uint64_t number, char ret_words[32])
{
    char digits[24];
    const int size = snprintf(digits, sizeof digits, "%" PRIu64, number);
    size_t used = 0;
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            ret_words[used++] = ',';
        ret_words[used++] = digits[i];
    }
    ret_words[used] = '\0';
}

static void print_line(FILE *to, const char *indent, const char *words, uint64_t number)
{
    char shown[32];
    if (number == 0)
        return;
    put_number(number, shown);
    fprintf(to, "%s%-*s %15s\n", indent, (int)(20 - strlen(indent)), words, shown);
}

void rebut_ingested_print(const struct rebut_ingested *ingested, FILE *to)
{
    struct group groups[GROUPS];
    groups_of(ingested, groups);
    print_line(to, "", "lines", ingested->lines);
    print_line(to, "", "blank", ingested->blank);
    for (size_t g = 0; g < GROUPS; g++) {
        const struct group *group = &groups[g];
        print_line(to, "", group->words,
                   rebut_ingested_sum(group->counts, group->length));
        for (size_t i = 0; i < group->length; i++)
            print_line(to, "  ", group->labels[i], group->counts[i]);
    }
}

static void put_time(struct rebut_output *out, const char *name, int64_t time)
{
    char text[REBUT_TIME_SIZE] = "";
    rebut_output_print(out, ",\"%s\":", name);
    if (time == REBUT_TIME_NONE) {
        rebut_output_print(out, "null");
        return;
    }
    rebut_time_format(time, 0, text);
    rebut_output_print(out, "\"%s\"", text);
}

bool rebut_ingested_json(const struct rebut_ingested *ingested, struct rebut_output *out)
{
    struct group groups[GROUPS];
    groups_of(ingested, groups);
    rebut_output_print(out,
                       "{\"inputs\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"lines\":%" PRIu64
                       ",\"blank\":%" PRIu64,
                       ingested->inputs, ingested->bytes, ingested->lines,
                       ingested->blank);
    for (size_t g = 0; g < GROUPS; g++) {
        const char *comma = "";
        rebut_output_print(out, ",\"%s\":{", groups[g].name);
        for (size_t i = 0; i < groups[g].length; i++) {
            rebut_output_print(out, "%s\"%s\":%" PRIu64, comma, groups[g].labels[i],
                               groups[g].counts[i]);
            comma = ",";
        }
        rebut_output_print(out, "}");
    }
    put_time(out, "first_at", ingested->first_at);
    put_time(out, "last_at", ingested->last_at);
    return rebut_output_print(out, "}");
}
