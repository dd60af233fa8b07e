/* Which wording a pack has, and what it says of its edition. */
#include <math.h>
#include <sodium.h>
#include <stdio.h>

#include "pack_words.h"

struct hasher {
    crypto_generichash_state state;
    struct rebut_pack scratch;
};

static void take(struct hasher *hasher, struct rebut_pack_words words)
{
    const struct rebut_text texts[] = {words.zh, words.en};
    for (int i = 0; i < 2; i++) {
        crypto_generichash_update(&hasher->state, (const unsigned char *)texts[i].data,
                                  texts[i].size);
        crypto_generichash_update(&hasher->state, (const unsigned char *)"\n", 1);
    }
}

/* Of each term and bin, with a range and without, up and down. */
static void take_lines(struct hasher *hasher)
{
    for (int id = 0; id < REBUT_TERMS; id++) {
        const int mark = id - REBUT_TERM_MARKS;
        const bool marked = mark >= 0 && mark < REBUT_MARKS;
        for (int bin = 0; bin < (marked ? rebut_mark_tables[mark].bins : 1); bin++)
            for (int way = 0; way < (marked ? 1 : 4); way++) {
                const double none = (double)NAN;
                struct rebut_pack_line line = {
                    .name = rebut_text_of(rebut_term_name((enum rebut_term_id)id)),
                    .log_odds = way & 1 ? .5 : -.5,
                    .raw = way & 1 ? .5 : -.5,
                    .observed = way & 1 ? 3 : .25,
                    .expected = 1.5,
                    .low = way & 2 ? .5 : none,
                    .high = way & 2 ? 2 : none,
                    .n = way & 2 ? 7 : 0};
                if (marked)
                    line.bin = rebut_text_of(rebut_mark_tables[mark].bin[bin].name);
                take(hasher, rebut_pack_line_words(&hasher->scratch, &line));
            }
    }
}

static void take_records(struct hasher *hasher)
{
    struct rebut_pack_buyer buyer = {.orders = 1, .shops = 3, .expected = .5, .ratio = 4};
    struct rebut_pack_shop shop = {.shop_rate = {3, 40, .1, .05, .2},
                                   .category_rate = {3, 40, .1, .05, .2}};
    for (int with = 0; with < 2; with++) {
        take(hasher, rebut_pack_buyer_words(&hasher->scratch, &buyer));
        take(hasher, rebut_pack_shop_words(&hasher->scratch, &shop));
        buyer.orders = 20;
        buyer.low = 1;
        buyer.high = 9;
        shop.sku_rate = shop.shop_rate;
    }
    static const int64_t spans[] = {90 * REBUT_SECOND, 13 * 60 * REBUT_SECOND,
                                    5 * REBUT_HOUR, 3 * REBUT_DAY};
    for (int kind = 0; kind < REBUT_INTERVALS; kind++)
        for (int i = 0; i < 8; i++) {
            const struct rebut_pack_interval interval = {
                .kind = kind, .span = i & 1 ? -spans[i / 2] : spans[i / 2]};
            take(hasher, rebut_pack_interval_words(&hasher->scratch, &interval));
        }
}

void rebut_pack_wording(char ret_text[REBUT_PACK_NAME])
{
    struct hasher hasher = {0};
    unsigned char hash[16];
    crypto_generichash_init(&hasher.state, NULL, 0, sizeof hash);
    take_lines(&hasher);
    take_records(&hasher);
    rebut_pack_release(&hasher.scratch);
    crypto_generichash_final(&hasher.state, hash, sizeof hash);
    sodium_bin2hex(ret_text, REBUT_PACK_NAME, hash, sizeof hash);
}

/* clang-format off */
static const char shop_zh[] =
    "店铺版：凡属买家在所有店铺的数字先取整，再据此求和，以免两家店铺凭数字认出同一买家。"
    "订单、无争议的订单与其他请求取 0、1、2、5、10、20、50……中相邻的一个；"
    "应有起数取 1、2、5 及其十倍、十分之一等；"
    "店铺、关联账号、相同图片与文字的数目取 0、1、3、10、30……；"
    "取上取下由平台按店铺随机决定，决定后不变。"
    "账号年龄与时间间隔取所在档次的下限，名次与误伤比例取 1、2、5 及其十倍等，"
    "同类目的计数取两位数字。理由只列最常见的一种；"
    "退货次数、其他请求的审核结果与其他店铺的日期不列。"
    "评分取整到对数几率的 0.5（3 以上取 1，至多 6），结论不变；取整造成的差额单列。"
    "本店自身的记录与各项标记为原值。"
    "精确版由平台保存，其 BLAKE2b 哈希列于文末，复核人或法院可据此核对。";
static const char shop_en[] =
    "Shop's edition.  Figures of the buyer over all shops are rounded, and the sums "
    "made from these, so that two shops cannot find out by them that they have the "
    "same buyer.  Orders, undisputed ones and other requests are told as one of the "
    "two nearest of 0, 1, 2, 5, 10, 20, 50 …; what is expected as 1, 2 or 5 times a "
    "power of ten; shops, linked accounts, same pictures and words as one of 0, 1, 3, "
    "10, 30 …; which of the two is drawn by the platform for each shop, once.  Ages "
    "and delays are told as the lower end of their class, rank and wrong accusations "
    "as 1, 2 or 5 times a power of ten, counts of the category to two digits.  Of "
    "reasons the commonest is told; returns, verdicts on other requests and days at "
    "other shops are not.  The score is to 0.5 of log-odds (1 from 3 on, 6 at most), "
    "the answer as it was; what rounding changed is told beside the sum.  The shop's "
    "own record and the marks are exact.  The platform keeps the exact edition; its "
    "BLAKE2b hash stands at the end, so that a reviewer or a court can hold one "
    "against the other.";
static const char platform_zh[] =
    "平台版：数字均为原值，供复核人、平台与法院使用，不交给店铺，"
    "因为两家店铺可凭这些数字认出同一买家。";
static const char platform_en[] =
    "Platform's edition: every figure is exact.  It is for reviewer, platform and "
    "court and not for a shop, because by these figures two shops could find out that "
    "they have the same buyer.";
/* clang-format on */

struct rebut_pack_words rebut_pack_edition_words(struct rebut_pack *pack, int edition)
{
    const bool shop = edition == REBUT_EDITION_SHOP;
    return (struct rebut_pack_words){
        rebut_pack_keep(pack, rebut_text_of(shop ? shop_zh : platform_zh)),
        rebut_pack_keep(pack, rebut_text_of(shop ? shop_en : platform_en))};
}
