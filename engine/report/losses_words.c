/* Words and figures of a report of losses. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "losses_pages.h"
#include "losses_sums.h"
#include "rebut/case_page.h"

#define YUAN (100 * LOSS_MICRO)

const char *pages_yuan(rebut_total micro, char ret_text[PAGES_WORD])
{
    char text[LOSS_DIGITS];
    const char *digits = loss_digits((micro + YUAN / 2) / YUAN, text);
    const size_t count = strlen(digits);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        ret_text[used++] = digits[i];
        if (i + 1 < count && (count - 1 - i) % 3 == 0)
            ret_text[used++] = ',';
    }
    ret_text[used] = '\0';
    return ret_text;
}

const char *pages_range(const struct rebut_loss_part *part, rebut_total amount,
                        char ret_text[PAGES_WORD])
{
    char low[PAGES_WORD], high[PAGES_WORD];
    const struct rebut_loss_range range = rebut_loss_range_of(part, amount);
    snprintf(ret_text, PAGES_WORD, "%.40s–%.40s", pages_yuan(range.low, low),
             pages_yuan(range.high, high));
    return ret_text;
}

const char *pages_ratio(const struct rebut_loss_ratio *ratio, char ret_text[PAGES_WORD])
{
    if (!(ratio->value >= 0))
        snprintf(ret_text, PAGES_WORD, "-");
    else
        snprintf(ret_text, PAGES_WORD, "%.2f (%.2f–%.2f)", ratio->value, ratio->low,
                 ratio->high);
    return ret_text;
}

const char *pages_day(int64_t at, char ret_text[PAGES_WORD])
{
    char text[REBUT_TIME_SIZE] = "";
    rebut_time_format(at, 480, text);
    snprintf(ret_text, PAGES_WORD, "%.10s", text);
    return ret_text;
}

/* [value][Chinese, English] */
static const char *const causes[REBUT_CAUSES][2] = {
    {"滥用", "abuse"},
    {"店铺自身", "shop's fault"},
    {"物流", "logistics"},
    {"改变主意、降价", "mind, price"},
    {"无法判定", "undetermined"},
};

static const char *const dimensions[REBUT_DIMENSIONS][2] = {
    [REBUT_BY_SKU] = {"商品", "item"},
    [REBUT_BY_CATEGORY] = {"类目", "category"},
    [REBUT_BY_CHANNEL] = {"渠道", "channel"},
    [REBUT_BY_HOST] = {"主播", "host"},
    [REBUT_BY_CAMPAIGN] = {"活动", "campaign"},
    [REBUT_BY_REGION] = {"地区", "region"},
    [REBUT_BY_CARRIER] = {"快递", "carrier"},
    [REBUT_BY_DISTRIBUTOR] = {"分销路径", "distributor"},
    [REBUT_BY_WEEKDAY] = {"申请的星期", "weekday of request"},
    [REBUT_BY_HOUR] = {"申请的小时", "hour of request"},
    [REBUT_BY_REASON] = {"所选理由", "reason given"},
    [REBUT_BY_FORTNIGHT] = {"14天窗口起", "14 days from"},
    [REBUT_BY_MERCHANT] = {"商家", "merchant"},
};

static const char *const weekdays[7][2] = {
    {"星期一", "Monday"},   {"星期二", "Tuesday"}, {"星期三", "Wednesday"},
    {"星期四", "Thursday"}, {"星期五", "Friday"},  {"星期六", "Saturday"},
    {"星期日", "Sunday"},
};

static const char *const channels[REBUT_CHANNELS][2] = {
    [REBUT_CHANNEL_NONE] = {"未知", "not known"},
    [REBUT_CHANNEL_SHELF] = {"货架", "shelf"},
    [REBUT_CHANNEL_LIVESTREAM] = {"直播", "live stream"},
    [REBUT_CHANNEL_SHORT_VIDEO] = {"短视频", "short video"},
    [REBUT_CHANNEL_SOCIAL] = {"社交", "social"},
    [REBUT_CHANNEL_PRIVATE_DOMAIN] = {"私域", "private domain"},
};

const char *pages_cause(const struct pages *to, enum rebut_loss_cause cause)
{
    return causes[cause][!to->chinese];
}

const char *pages_dimension(const struct pages *to, enum rebut_loss_dimension dimension)
{
    return dimensions[dimension][!to->chinese];
}

static void name_of(const struct pages *to, enum rebut_loss_dimension dimension,
                    const struct rebut_loss_row *row, size_t most,
                    char ret_text[PAPER_NAME])
{
    char name[PAPER_NAME];
    if (row->key.data == NULL) {
        const bool none = dimension == REBUT_BY_HOST || dimension == REBUT_BY_CAMPAIGN ||
                          dimension == REBUT_BY_DISTRIBUTOR;
        snprintf(ret_text, PAPER_NAME, "%s",
                 none ? PAGES_SAY(to, "无", "none") : PAGES_SAY(to, "未知", "not known"));
        return;
    }
    paper_name(row->key, most, name);
    if (dimension == REBUT_BY_DISTRIBUTOR && row->depth > 1)
        snprintf(ret_text, PAPER_NAME, "%.*s└ %.300s",
                 (int)(row->depth < 6 ? row->depth : 6), "        ", name);
    else
        snprintf(ret_text, PAPER_NAME, "%.390s", name);
}

void pages_key(const struct pages *to, enum rebut_loss_dimension dimension,
               const struct rebut_loss_row *row, size_t most, char ret_text[PAPER_NAME])
{
    char day[PAGES_WORD];
    const char *words = NULL;
    switch (dimension) {
    case REBUT_BY_WEEKDAY:
        words = weekdays[row->number % 7][!to->chinese];
        break;
    case REBUT_BY_CHANNEL:
        words = channels[row->number % REBUT_CHANNELS][!to->chinese];
        break;
    case REBUT_BY_REASON:
        words = rebut_case_reason((enum rebut_reason)row->number,
                                  to->chinese ? REBUT_CHINESE : REBUT_ENGLISH);
        break;
    case REBUT_BY_FORTNIGHT:
        words = pages_day((int64_t)row->number * REBUT_WINDOW, day);
        break;
    default:
        break;
    }
    if (dimension == REBUT_BY_HOUR)
        snprintf(ret_text, PAPER_NAME, "%02" PRIu32 ":00", row->number);
    else if (words != NULL && *words != '\0')
        snprintf(ret_text, PAPER_NAME, "%s", words);
    else
        name_of(to, dimension, row, most, ret_text);
}
