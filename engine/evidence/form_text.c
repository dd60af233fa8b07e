/* Sentences for a form: chosen, fitted, never cut. */
#include "rebut/form_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/case_page.h"

/* What a sentence is for.  Of HELD and FAVOUR a short one stands in when none fits. */
enum part { HEAD, HELD, HELD_SHORT, FAVOUR, FAVOUR_SHORT, MORE, ATTACHED, END };

#define REQUIRED 1000

/* Three pieces, not copied. */
struct sentence {
    enum part part;
    int weight; /* the lightest goes first; REQUIRED stays */
    bool out;
    const char *before, *after;
    struct rebut_text text;
};

#define SENTENCES_MAX 96
/* No sentence of a pack is longer than REBUT_SENTENCE_SIZE; a forged one may be. */
#define TEXT_MAX 600

struct draft {
    const struct rebut_pack *pack;
    bool zh;
    unsigned doubts;
    struct sentence list[SENTENCES_MAX];
    int count;
    char head[400];
};

static bool holds(struct rebut_text text, const char *word, size_t size)
{
    return memmem(text.data, text.size, word, size) != NULL;
}

/* Ids shorter than this are in half of all sentences. */
#define ID_LEAST 6

static bool names(struct rebut_text text, struct rebut_text id)
{
    return id.size >= ID_LEAST && holds(text, id.data, id.size);
}

/* No accusation, no promise, no id and no word of the buyer: whatever a pack holds. */
static bool may_stand(const struct draft *draft, struct rebut_text text)
{
    static const char *const never[] = {"恶意", "骗子", "100%", "保证"};
    const struct rebut_pack_header *header = &draft->pack->header;
    if (text.size == 0 || text.size > TEXT_MAX)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7f)
            return false;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (holds(text, never[i], strlen(never[i])))
            return false;
    for (uint32_t i = 0; i < draft->pack->sheet.count; i++)
        if (names(text, draft->pack->sheet.list[i].quote))
            return false;
    return !names(text, header->request_id) && !names(text, header->order_id) &&
           !names(text, header->merchant_id) && !names(text, header->sku_id) &&
           !names(text, draft->pack->buyer.pseudonym);
}

static struct sentence *add(struct draft *draft, enum part part, int weight)
{
    if (draft->count == SENTENCES_MAX)
        return NULL;
    struct sentence *sentence = &draft->list[draft->count++];
    *sentence = (struct sentence){.part = part, .weight = weight};
    return sentence;
}

static void add_own(struct draft *draft, enum part part, int weight, const char *zh,
                    const char *en)
{
    struct sentence *sentence = add(draft, part, weight);
    if (sentence == NULL)
        return;
    sentence->text = rebut_text_of(draft->zh ? zh : en);
    sentence->before = sentence->after = "";
}

/* A sentence of the pack, once. */
static void add_pack(struct draft *draft, enum part part, int weight, const char *before,
                     const struct rebut_pack_words *words)
{
    const struct rebut_text text = draft->zh ? words->zh : words->en;
    if (!may_stand(draft, text))
        return;
    for (int i = 0; i < draft->count; i++)
        if (rebut_text_equal(draft->list[i].text, text))
            return;
    struct sentence *sentence = add(draft, part, weight);
    if (sentence == NULL)
        return;
    sentence->text = text;
    sentence->before = before;
    sentence->after = draft->zh ? "。" : ". ";
}

/* ---- what there is to say ---- */

static void say_doubts(struct draft *draft)
{
    static const char *const zh[REBUT_DOUBTS] = {
        "记录支持买家的说法", "综合各项记录，该申请较可能合理",
        "店铺自身的记录可以解释此类申请", "记录中没有与买家说法不一致之处"};
    static const char *const en[REBUT_DOUBTS] = {
        "the records bear the claim out", "the request is likely legitimate",
        "the shop's record explains it", "nothing on record contradicts it"};
    const unsigned borne = draft->doubts & REBUT_DOUBT_BORNE_OUT;
    const unsigned said =
        borne != 0 ? draft->doubts & ~(unsigned)REBUT_DOUBT_NOTHING : draft->doubts;
    size_t size = 0;
    for (int i = 0; i < REBUT_DOUBTS; i++)
        if (said >> i & 1)
            size += (size_t)snprintf(draft->head + size, sizeof draft->head - size,
                                     "%s%s", size == 0 ? "" : (draft->zh ? "；" : "; "),
                                     (draft->zh ? zh : en)[i]);
    struct sentence *sentence = add(draft, HEAD, REQUIRED);
    sentence->before = draft->zh ? "现有事实不支持申诉：" : "No ground for an appeal: ";
    sentence->text = rebut_text_of(draft->head);
    sentence->after = draft->zh ? "。" : ". ";
}

static void say_claim(struct draft *draft)
{
    const int reason = draft->pack->header.reason;
    const bool none = reason <= REBUT_REASON_NONE || reason >= REBUT_REASONS;
    static const char *const en[REBUT_REASONS] = {
        [REBUT_REASON_DAMAGED] = "damaged",
        [REBUT_REASON_QUALITY] = "poor quality",
        [REBUT_REASON_NOT_AS_DESCRIBED] = "not as described",
        [REBUT_REASON_COUNTERFEIT] = "counterfeit",
        [REBUT_REASON_WRONG_ITEM] = "wrong item",
        [REBUT_REASON_MISSING_ITEM] = "item missing",
        [REBUT_REASON_LATE_DELIVERY] = "late delivery",
        [REBUT_REASON_NOT_RECEIVED] = "not received",
        [REBUT_REASON_PRICE_DROP] = "price dropped",
        [REBUT_REASON_CHANGED_MIND] = "changed mind",
        [REBUT_REASON_OTHER] = "other",
    };
    struct sentence *sentence = add(draft, HEAD, draft->doubts == 0 ? REQUIRED : 950);
    sentence->before = draft->zh ? "买家申请仅退款，理由：" : "Refund claimed: ";
    sentence->text = rebut_text_of(
        none        ? (draft->zh ? "未说明" : "no reason given")
        : draft->zh ? rebut_case_reason((enum rebut_reason)reason, REBUT_CHINESE)
                    : en[reason]);
    sentence->after = draft->zh ? "。" : ". ";
}

/* The line of a fact's mark hardly moves the sum: not worth a sentence. */
#define SLIGHT .2

static bool is_slight(const struct draft *draft, const struct rebut_pack_fact *fact)
{
    for (uint32_t i = 0; i < draft->pack->score.lines.count; i++) {
        const struct rebut_pack_line *line = &draft->pack->score.lines.list[i];
        if (rebut_text_equal(line->name, fact->mark))
            return !(line->log_odds >= SLIGHT || line->log_odds <= -SLIGHT);
    }
    return false;
}

/* Records weigh `weight`, how often something is seen half of it; gives the records. */
static int say_side(struct draft *draft, bool held, int weight)
{
    int said = 0, records = 0;
    for (uint32_t i = 0; i < draft->pack->sheet.count; i++) {
        const struct rebut_pack_claim *claim = &draft->pack->sheet.list[i];
        const uint32_t count = held ? claim->contradicts.count : claim->supports.count;
        for (uint32_t k = 0; k < count; k++, said++) {
            const struct rebut_pack_fact *fact =
                held ? &claim->contradicts.list[k] : &claim->supports.list[k];
            const bool record = rebut_form_is_record(fact);
            const char *zh = !record ? (held ? "统计情况：" : "统计情况（利于买家）：")
                             : held ? "与之不一致的记录："
                                    : "有利于买家的记录：";
            const char *en = !record
                                 ? (held ? "Statistics: " : "For the buyer, statistics: ")
                             : held ? "On record against it: "
                                    : "On record for the buyer: ";
            if (is_slight(draft, fact))
                continue;
            records += record;
            add_pack(draft, record ? (held ? HELD : FAVOUR) : MORE,
                     (record ? weight : weight / 2) - said, draft->zh ? zh : en,
                     &fact->sentence);
        }
    }
    return records;
}

/* What supports the buyer outweighs, in a text that supports no appeal, what does not. */
static void say_facts(struct draft *draft)
{
    const struct rebut_pack_shop *shop = &draft->pack->shop;
    const bool picture = rebut_form_proven(draft->pack, REBUT_PROOF_PICTURE);
    if (picture && rebut_form_picture(draft->pack) == REBUT_WHERE_OTHER_BUYER)
        add_own(draft, HELD, 940, "同一图片更早见于其他买家的售后申请。",
                "The same picture stood in another buyer's request before. ");
    else if (picture)
        add_own(draft, HELD, 940, "同一图片更早见于该买家另一订单的售后申请。",
                "The same picture stood in this buyer's request on another order "
                "before. ");
    if (say_side(draft, true, draft->doubts == 0 ? 900 : 500) + picture > 0 &&
        draft->doubts == 0)
        add_own(draft, HELD_SHORT, REQUIRED, "与之不一致的记录见附件。",
                "Records against it: attached. ");
    int said = say_side(draft, false, draft->doubts == 0 ? 800 : 900);
    for (uint32_t i = 0; i < shop->why.count && shop->explains; i++, said++)
        add_pack(draft, FAVOUR, 750,
                 draft->zh ? "有利于买家的记录：" : "On record for the buyer: ",
                 &shop->why.list[i]);
    if (said > 0)
        add_own(draft, FAVOUR_SHORT, REQUIRED, "有利于买家的记录见附件。",
                "Records for the buyer: attached. ");
}

static void say_more(struct draft *draft)
{
    const struct rebut_pack *pack = draft->pack;
    const char *own = draft->zh ? "本店记录：" : "Own record: ";
    for (uint32_t i = 0; i < pack->intervals.count; i++)
        if (pack->intervals.list[i].kind == REBUT_INTERVAL_SIGNATURE_TO_REQUEST)
            add_pack(draft, MORE, 300,
                     draft->zh ? "时间：" : "Time: ", &pack->intervals.list[i].sentence);
    add_pack(draft, MORE, 200, own, &pack->shop.summary);
    if (draft->doubts == 0 && pack->buyer.low > 1)
        add_pack(draft, MORE, 100,
                 draft->zh ? "申请记录：" : "Record: ", &pack->buyer.summary);
}

static void say_end(struct draft *draft)
{
    if (draft->doubts != 0) {
        add_own(draft, END, REQUIRED, "请先由人核实，再决定是否申诉。",
                "A person should check before any appeal.");
        return;
    }
    const bool is_signed = rebut_form_proven(draft->pack, REBUT_PROOF_SIGNED);
    const bool picture = rebut_form_proven(draft->pack, REBUT_PROOF_PICTURE);
    add_own(draft, ATTACHED, 600,
            is_signed && picture ? "附：证据页、物流签收记录、图片比对。"
            : is_signed          ? "附：证据页、物流签收记录。"
            : picture            ? "附：证据页、图片比对。"
                                 : "附：证据页。",
            is_signed && picture ? "Attached: evidence page, carrier's record, pictures. "
            : is_signed          ? "Attached: evidence page, carrier's record. "
            : picture            ? "Attached: evidence page, pictures compared. "
                                 : "Attached: evidence page. ");
    add_own(draft, END, REQUIRED, "请平台核实。", "Please verify.");
}

/* ---- fitting ---- */

static int64_t points_of(struct rebut_text text)
{
    int64_t points = 0;
    for (size_t i = 0; i < text.size; i++)
        points += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    return points;
}

/* The short one is there when, of what it stands for, nothing is. */
static bool is_shown(const struct draft *draft, const struct sentence *sentence)
{
    if (sentence->part != HELD_SHORT && sentence->part != FAVOUR_SHORT)
        return !sentence->out;
    const enum part stands_for = sentence->part == HELD_SHORT ? HELD : FAVOUR;
    for (int i = 0; i < draft->count; i++)
        if (draft->list[i].part == stands_for && !draft->list[i].out)
            return false;
    return true;
}

static int64_t length_of(const struct draft *draft)
{
    int64_t points = 0;
    for (int i = 0; i < draft->count; i++) {
        const struct sentence *sentence = &draft->list[i];
        if (is_shown(draft, sentence))
            points += points_of(rebut_text_of(sentence->before)) +
                      points_of(sentence->text) +
                      points_of(rebut_text_of(sentence->after));
    }
    return points;
}

/* Leave out the lightest until the rest fits; false when it cannot. */
static bool fit(struct draft *draft, int64_t limit, int *ret_left)
{
    *ret_left = 0;
    while (limit >= 0 && length_of(draft) > limit) {
        struct sentence *lightest = NULL;
        for (int i = 0; i < draft->count; i++) {
            struct sentence *sentence = &draft->list[i];
            if (!sentence->out && sentence->weight < REQUIRED &&
                (lightest == NULL || sentence->weight <= lightest->weight))
                lightest = sentence;
        }
        if (lightest == NULL)
            return false;
        lightest->out = true;
        ++*ret_left;
    }
    return true;
}

static bool put(const struct draft *draft, struct rebut_form_text *ret,
                struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_memory(&out, err))
        return false;
    for (int i = 0; i < draft->count; i++) {
        const struct sentence *sentence = &draft->list[i];
        if (!is_shown(draft, sentence))
            continue;
        rebut_output_text(&out, rebut_text_of(sentence->before));
        rebut_output_text(&out, sentence->text);
        rebut_output_text(&out, rebut_text_of(sentence->after));
    }
    ret->size = out.used;
    ret->text = out.cause == 0 ? malloc(out.used + 1) : NULL;
    if (ret->text != NULL) {
        memcpy(ret->text, out.buffer, out.used);
        ret->text[out.used] = '\0';
    }
    rebut_output_release(&out);
    return ret->text != NULL || rebut_fail_memory(err, "a form's text");
}

bool rebut_form_text_make(const struct rebut_form *form, const struct rebut_pack *pack,
                          enum rebut_language language, struct rebut_form_text *ret,
                          struct rebut_error *err)
{
    const struct rebut_form_number *limit = &form->numbers[REBUT_FORM_TEXT];
    struct draft draft = {.pack = pack, .zh = language == REBUT_CHINESE};
    struct rebut_form_text text = {.limit = limit->fact.known ? limit->value : -1,
                                   .reason = -1};
    text.doubts = draft.doubts = rebut_form_doubts(pack);
    if (draft.doubts != 0)
        say_doubts(&draft);
    say_claim(&draft);
    say_facts(&draft);
    say_more(&draft);
    say_end(&draft);
    if (!fit(&draft, text.limit, &text.sentences_left))
        return rebut_fail(err, REBUT_ELIMIT,
                          "form '%s': the shortest text has %" PRId64
                          " code points, and %" PRId64 " are allowed",
                          form->name, length_of(&draft), text.limit);
    for (int i = 0; i < form->reason_count && text.reason < 0 && text.doubts == 0; i++)
        if (rebut_form_proven(pack, form->reasons[i].proof))
            text.reason = i;
    if (!put(&draft, &text, err))
        return false;
    text.points = points_of((struct rebut_text){text.text, text.size});
    *ret = text;
    return true;
}

void rebut_form_text_release(struct rebut_form_text *text)
{
    free(text->text);
    *text = (struct rebut_form_text){0};
}
