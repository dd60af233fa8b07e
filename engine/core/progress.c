#include "rebut/progress.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "rebut/text.h"
#include "rebut/time.h"

#define BAR_EVERY (REBUT_SECOND / 10)
#define LINE_EVERY (5 * REBUT_SECOND)
#define BAR_MAX 400 /* columns */
#define BAR_LEAST 8

void rebut_progress_init(struct rebut_progress *progress, FILE *to, const char *label,
                         int64_t (*clock_us)(void))
{
    *progress = (struct rebut_progress){.label = label, .clock_us = clock_us};
    if (to == NULL || clock_us == NULL)
        return;
    progress->to = to;
    progress->terminal = isatty(fileno(to)) == 1;
    progress->start_us = progress->drawn_us = clock_us();
}

/* Columns that a label takes: what lies above the Hangul jamo is mostly two wide. */
static int columns_of(const char *label)
{
    const struct rebut_text text = rebut_text_of(label);
    if (rebut_text_valid_utf8(text) != text.size)
        return (int)text.size;
    int columns = 0;
    for (size_t at = 0; at < text.size;)
        columns += rebut_text_next(text, &at) >= 0x1100 ? 2 : 1;
    return columns;
}

static int terminal_columns(FILE *to)
{
    struct winsize size = {0};
    if (ioctl(fileno(to), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

/* "999", "1.2k", "12k", "1.2M" … */
static void put_count(double count, char ret_words[16])
{
    static const char units[] = " kMGT";
    size_t unit = 0;
    while (count >= 999.5 && unit + 2 < sizeof units) {
        count /= 1000;
        unit++;
    }
    if (unit == 0)
        snprintf(ret_words, 16, "%.0f", count);
    else
        snprintf(ret_words, 16, "%.*f%c", count < 9.95 ? 1 : 0, count, units[unit]);
}

/* "0:12", "12:34", "1:02:03" */
static void put_time(double seconds, char ret_words[24])
{
    const uint64_t whole = seconds > 3.6e8 ? 360000000 : (uint64_t)(seconds + 0.5);
    const uint64_t minutes = whole / 60;
    if (minutes < 60)
        snprintf(ret_words, 24, "%" PRIu64 ":%02" PRIu64, minutes, whole % 60);
    else
        snprintf(ret_words, 24, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, minutes / 60,
                 minutes % 60, whole % 60);
}

/* What stands before the bar and behind it. */
struct words {
    char percent[16], rest[64];
    double fraction; /* or negative: not known */
};

static struct words words_of(const struct rebut_progress *progress, int64_t now)
{
    const double seconds = (double)(now - progress->start_us) / (double)REBUT_SECOND;
    struct words words = {.fraction = -1};
    char rate[16], time[24];
    put_count(seconds > 0 ? (double)progress->items / seconds : 0, rate);
    if (progress->total == 0) {
        char items[16];
        put_count((double)progress->items, items);
        put_time(seconds, time);
        snprintf(words.percent, sizeof words.percent, "%s", items);
        snprintf(words.rest, sizeof words.rest, "%s/s +%s", rate, time);
        return words;
    }
    words.fraction = (double)progress->done / (double)progress->total;
    if (words.fraction > 1)
        words.fraction = 1;
    snprintf(words.percent, sizeof words.percent, "%3d%%", (int)(words.fraction * 100));
    if (words.fraction > 0)
        put_time(seconds * (1 - words.fraction) / words.fraction, time);
    snprintf(words.rest, sizeof words.rest, "%s/s%s%s", rate,
             words.fraction > 0 ? " -" : "", words.fraction > 0 ? time : "");
    return words;
}

static void draw_bar(struct rebut_progress *progress, const struct words *words)
{
    char bar[BAR_MAX + 1] = "";
    const int taken = columns_of(progress->label) + (int)strlen(words->percent) +
                      (int)strlen(words->rest) + 6; /* blanks, brackets, last column */
    int columns = terminal_columns(progress->to) - taken;
    if (columns > BAR_MAX)
        columns = BAR_MAX;
    if (words->fraction < 0 || columns < BAR_LEAST) {
        fprintf(progress->to, "\r%s %s %s\033[K", progress->label, words->percent,
                words->rest);
    } else {
        const int full = (int)(words->fraction * columns);
        memset(bar, '.', (size_t)columns);
        memset(bar, '#', (size_t)full);
        fprintf(progress->to, "\r%s %s [%s] %s\033[K", progress->label, words->percent,
                bar, words->rest);
    }
    progress->drawn = true;
}

void rebut_progress_step(struct rebut_progress *progress, uint64_t done, uint64_t total,
                         uint64_t items)
{
    if (progress == NULL || progress->to == NULL)
        return;
    const int64_t now = progress->clock_us();
    progress->done = done;
    progress->total = total;
    progress->items = items;
    if (now - progress->drawn_us < (progress->terminal ? BAR_EVERY : LINE_EVERY))
        return;
    progress->drawn_us = now;
    const struct words words = words_of(progress, now);
    if (progress->terminal)
        draw_bar(progress, &words);
    else
        fprintf(progress->to, "%s %s %s\n", progress->label, words.percent, words.rest);
    fflush(progress->to);
}

void rebut_progress_end(struct rebut_progress *progress)
{
    if (progress == NULL || !progress->drawn)
        return;
    fprintf(progress->to, "\r\033[K");
    fflush(progress->to);
    progress->drawn = false;
}
