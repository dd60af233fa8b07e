/* What stands in each cell of a worklist, in both languages. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "rebut/case_page.h"
#include "rebut/hidden.h"
#include "rebut/time.h"
#include "worklist_parts.h"

#define CHINA 480                           /* minutes */
#define FEN_EXACT INT64_C(1000000000000000) /* from here a sheet would round yuan */
#define EPOCH_DAYS 25569.0                  /* 1899-12-30 to 1970-01-01 */

static const char *const heads[WORKLIST_COLUMNS][2] = {
    [WORKLIST_PLACE] = {"序（按“预计挽回×时间权重”）",
                        "Place (by expected recovery x weight of time)"},
    [WORKLIST_REQUEST] = {"请求编号", "Request"},
    [WORKLIST_ORDER] = {"订单编号", "Order"},
    [WORKLIST_MERCHANT] = {"商家", "Shop"},
    [WORKLIST_ITEM] = {"商品", "Item"},
    [WORKLIST_FILE] = {"证据包文件", "Pack"},
    [WORKLIST_REASON] = {"申请理由", "Reason given"},
    [WORKLIST_ASKED] = {"申请金额（元）", "Asked (yuan)"},
    [WORKLIST_PROBABILITY] = {"滥用概率", "P(abuse)"},
    [WORKLIST_LOW] = {"滥用概率下限（90%区间）", "P(abuse) low (90% interval)"},
    [WORKLIST_HIGH] = {"滥用概率上限（90%区间）", "P(abuse) high (90% interval)"},
    [WORKLIST_Q] = {"q值（不低于此可疑程度的请求中的误伤比例）",
                    "q (wrongly accused, of all at least as suspect)"},
    [WORKLIST_ANSWER] = {"结论（须由人判断）", "Answer (a person must decide)"},
    [WORKLIST_APPEAL] = {"申诉成功概率", "P(appeal succeeds)"},
    [WORKLIST_EXPECTED] = {"预计挽回（元）：金额×申诉成功概率，未知时×滥用概率",
                           "Expected recovery (yuan): asked x P(appeal), or x P(abuse) "
                           "where unknown"},
    [WORKLIST_DEADLINE] = {"申诉期限（+08:00）", "Appeal until (+08:00)"},
    [WORKLIST_LEFT] = {"数据截至时的剩余小时", "Hours left as of the data"},
    [WORKLIST_WEIGHT] = {"时间权重：0.5+72/(72+剩余小时)，未知为1，过期为0",
                         "Weight of time: 0.5 + 72 / (72 + hours left), unknown 1, "
                         "past 0"},
    [WORKLIST_RECORD] = {"记录是否支持买家的理由",
                         "Do the records bear out the buyer's reason?"},
    [WORKLIST_SUPPORTS] = {"支持买家的记录（条）", "Records that support the buyer"},
    [WORKLIST_CONTRADICTS] = {"与买家所述不符的记录（条）",
                              "Records that contradict the buyer"},
    [WORKLIST_SHOP] = {"店铺自身记录可解释", "The shop's own record explains it"},
};

static const char *const answers[REBUT_ANSWERS][2] = {
    [REBUT_LIKELY_ABUSE] = {"很可能是滥用", "likely abuse"},
    [REBUT_UNDETERMINED] = {"不能确定", "undetermined"},
    [REBUT_LIKELY_LEGITIMATE] = {"很可能正当", "likely legitimate"},
};

static const char *const records[WORKLIST_RECORDS][2] = {
    [WORKLIST_SILENT] = {"记录未涉及", "they do not say"},
    [WORKLIST_BEAR_OUT] = {"支持", "yes"},
    [WORKLIST_CONTRADICT] = {"不符", "no, they contradict it"},
    [WORKLIST_DISAGREE] = {"有支持，也有不符", "some do, some do not"},
};

static const char *const unknown[2] = {"未知", "unknown"};

static int tongue(enum rebut_language language)
{
    return language == REBUT_CHINESE ? 0 : 1;
}

const char *worklist_head(enum worklist_column column, enum rebut_language language)
{
    return heads[column][tongue(language)];
}

size_t worklist_safe(struct rebut_text text, char ret[WORKLIST_CELL])
{
    size_t used = 0, at = 0;
    while (at < text.size && used < REBUT_WORKLIST_TEXT) {
        const struct rebut_text rest = {text.data + at,
                                        text.size - at < 4 ? text.size - at : 4};
        size_t step = 0;
        const bool valid = rebut_text_valid_utf8(rest) > 0;
        const uint32_t c = valid ? rebut_text_next(rest, &step) : 0xfffd;
        if (!valid)
            used += (size_t)snprintf(ret + used, WORKLIST_CELL - used, "\xef\xbf\xbd");
        else if (rebut_is_hidden(c))
            used += (size_t)snprintf(ret + used, WORKLIST_CELL - used,
                                     "[U+%04" PRIX32 "]", c);
        else {
            memcpy(ret + used, rest.data, step);
            used += step;
        }
        at += valid ? step : 1;
    }
    if (at < text.size)
        used += (size_t)snprintf(ret + used, WORKLIST_CELL - used, " [… +%zu]",
                                 text.size - at);
    ret[used] = '\0';
    return used;
}

static void say(struct worklist_cell *cell, const char *words)
{
    cell->kind = WORKLIST_TEXT;
    snprintf(cell->text, sizeof cell->text, "%s", words);
}

static void put_count(struct worklist_cell *cell, uint32_t count)
{
    cell->kind = WORKLIST_COUNT;
    cell->number = count;
    snprintf(cell->text, sizeof cell->text, "%" PRIu32, count);
}

static void put_yuan(struct worklist_cell *cell, int64_t fen)
{
    const uint64_t size = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
    snprintf(cell->text, sizeof cell->text, "%s%" PRIu64 ".%02" PRIu64,
             fen < 0 ? "-" : "", size / 100, size % 100);
    cell->kind = size < FEN_EXACT ? WORKLIST_YUAN : WORKLIST_TEXT;
    cell->number = (double)fen / 100;
}

/* Four decimals; nothing is 0 or 1 that only comes near. */
static void put_share(struct worklist_cell *cell, double share, const char *without)
{
    if (!isfinite(share)) {
        say(cell, without);
        return;
    }
    double rounded = floor(share * 10000 + 0.5) / 10000;
    if (share > 0 && rounded <= 0)
        rounded = 0.0001;
    if (share < 1 && rounded >= 1)
        rounded = 0.9999;
    cell->kind = WORKLIST_SHARE;
    cell->number = rounded;
    snprintf(cell->text, sizeof cell->text, "%.4f", rounded);
}

static void put_deadline(struct worklist_cell *cell, int64_t at, const char *without)
{
    if (at < REBUT_TIME_MIN || at > REBUT_TIME_MAX) {
        say(cell, without);
        return;
    }
    at -= at % REBUT_SECOND; /* never later than it is */
    rebut_time_format(at, CHINA, cell->text);
    cell->kind = WORKLIST_INSTANT;
    cell->number = EPOCH_DAYS + (double)(at / REBUT_SECOND + CHINA * 60) / 86400;
}

/* Hours, rounded down to a tenth. */
static void put_left(struct worklist_cell *cell, int64_t as_of, int64_t deadline,
                     int language)
{
    static const char *const past[2] = {"已过期", "past"};
    if (deadline == REBUT_TIME_NONE || deadline < as_of) {
        say(cell, deadline == REBUT_TIME_NONE ? unknown[language] : past[language]);
        return;
    }
    const double left = ((double)deadline - (double)as_of) / (double)REBUT_HOUR;
    cell->kind = WORKLIST_HOURS;
    cell->number = floor(left * 10) / 10;
    snprintf(cell->text, sizeof cell->text, "%.1f", cell->number);
}

static void put_factor(struct worklist_cell *cell, double weight)
{
    cell->kind = WORKLIST_FACTOR;
    cell->number = floor(weight * 1000 + 0.5) / 1000;
    snprintf(cell->text, sizeof cell->text, "%.3f", cell->number);
}

static void put_words(const struct rebut_worklist_row *row, enum worklist_column column,
                      enum rebut_language language, struct worklist_cell *cell)
{
    static const char *const explains[2][2] = {{"否", "no"}, {"是", "yes"}};
    const int in = tongue(language);
    switch (column) {
    case WORKLIST_REQUEST:
        say(cell, row->request);
        break;
    case WORKLIST_ORDER:
        say(cell, row->order);
        break;
    case WORKLIST_MERCHANT:
        say(cell, row->merchant);
        break;
    case WORKLIST_ITEM:
        say(cell, row->item);
        break;
    case WORKLIST_FILE:
        say(cell, row->file);
        break;
    case WORKLIST_REASON:
        say(cell, row->reason == 0 || row->reason >= REBUT_REASONS
                      ? unknown[in]
                      : rebut_case_reason((enum rebut_reason)row->reason, language));
        break;
    case WORKLIST_ANSWER:
        say(cell, row->answer < REBUT_ANSWERS ? answers[row->answer][in] : unknown[in]);
        break;
    case WORKLIST_RECORD:
        say(cell, records[row->records][in]);
        break;
    default:
        say(cell, explains[row->shop_explains][in]);
        break;
    }
}

void worklist_cell(const struct rebut_worklist *list, uint32_t place,
                   enum worklist_column column, enum rebut_language language,
                   struct worklist_cell *ret)
{
    const struct rebut_worklist_row *row = &list->rows.data[place];
    const char *without = unknown[tongue(language)];
    const double shares[WORKLIST_COLUMNS] = {[WORKLIST_PROBABILITY] = row->probability,
                                             [WORKLIST_LOW] = row->low,
                                             [WORKLIST_HIGH] = row->high,
                                             [WORKLIST_Q] = row->q_value,
                                             [WORKLIST_APPEAL] = row->appeal};
    switch (column) {
    case WORKLIST_PLACE:
        put_count(ret, place + 1);
        break;
    case WORKLIST_SUPPORTS:
        put_count(ret, row->supports);
        break;
    case WORKLIST_CONTRADICTS:
        put_count(ret, row->contradicts);
        break;
    case WORKLIST_ASKED:
        put_yuan(ret, row->asked);
        break;
    case WORKLIST_EXPECTED:
        if (row->has_expected)
            put_yuan(ret, row->expected);
        else
            say(ret, without);
        break;
    case WORKLIST_PROBABILITY:
    case WORKLIST_LOW:
    case WORKLIST_HIGH:
    case WORKLIST_Q:
    case WORKLIST_APPEAL:
        put_share(ret, shares[column], without);
        break;
    case WORKLIST_DEADLINE:
        put_deadline(ret, row->deadline, without);
        break;
    case WORKLIST_LEFT:
        put_left(ret, list->as_of, row->deadline, tongue(language));
        break;
    case WORKLIST_WEIGHT:
        put_factor(ret, row->weight);
        break;
    default:
        put_words(row, column, language, ret);
        break;
    }
}
