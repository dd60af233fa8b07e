/* What a pack alone can show, and whether its facts support an appeal at all. */
#include "rebut/form_text.h"
#include "rebut/marks.h"

/* The bin of a mark in the pack, or an absent text. */
static struct rebut_text bin_of(const struct rebut_pack *pack, enum rebut_mark_id mark)
{
    const struct rebut_text name = rebut_text_of(rebut_mark_tables[mark].name);
    for (uint32_t i = 0; i < pack->inputs.marks.count; i++)
        if (rebut_text_equal(pack->inputs.marks.list[i].name, name))
            return pack->inputs.marks.list[i].bin;
    return (struct rebut_text){0};
}

static bool logistics_is(const struct rebut_pack *pack, const char *bin)
{
    return rebut_text_equal(bin_of(pack, REBUT_MARK_LOGISTICS), rebut_text_of(bin));
}

static const struct rebut_pack_interval *interval_of(const struct rebut_pack *pack,
                                                     enum rebut_pack_interval_kind kind)
{
    for (uint32_t i = 0; i < pack->intervals.count; i++)
        if (pack->intervals.list[i].kind == (int)kind)
            return &pack->intervals.list[i];
    return NULL;
}

/* The bin "received" is neither that of a parcel nobody signed for nor of a crowd. */
static bool shows_signature(const struct rebut_pack *pack)
{
    const struct rebut_pack_interval *since =
        interval_of(pack, REBUT_INTERVAL_SIGNATURE_TO_REQUEST);
    if (pack->header.reason != REBUT_REASON_NOT_RECEIVED || since == NULL ||
        since->span <= 0 || !logistics_is(pack, "received"))
        return false;
    for (uint32_t i = 0; i < pack->timeline.count; i++) {
        const struct rebut_pack_moment *moment = &pack->timeline.list[i];
        if (moment->kind != REBUT_MOMENT_SIGNED || moment->at >= since->to)
            continue;
        const struct rebut_text by = moment->more.en;
        if (by.size == 0 || rebut_text_equal(by, REBUT_TEXT("self")))
            return true;
    }
    return false;
}

enum rebut_pack_where rebut_form_picture(const struct rebut_pack *pack)
{
    const struct rebut_pack_interval *since =
        interval_of(pack, REBUT_INTERVAL_ORDER_TO_REQUEST);
    enum rebut_pack_where found = REBUT_WHERES;
    for (uint32_t i = 0; since != NULL && i < pack->elsewhere.photo.count; i++) {
        const struct rebut_pack_match *match = &pack->elsewhere.photo.list[i];
        const bool earlier =
            match->same_shop ? match->at < since->to : match->at <= since->to - REBUT_DAY;
        if (earlier && match->where == REBUT_WHERE_OTHER_BUYER)
            return REBUT_WHERE_OTHER_BUYER;
        if (earlier && match->where == REBUT_WHERE_SAME_BUYER)
            found = REBUT_WHERE_SAME_BUYER;
    }
    return found;
}

static bool shows_picture(const struct rebut_pack *pack)
{
    return rebut_form_picture(pack) != REBUT_WHERES;
}

bool rebut_form_proven(const struct rebut_pack *pack, enum rebut_form_proof proof)
{
    return proof == REBUT_PROOF_SIGNED    ? shows_signature(pack)
           : proof == REBUT_PROOF_PICTURE ? shows_picture(pack)
                                          : false;
}

/* A record, and not a mark's likelihood, stands for the reason, and nothing against. */
static bool is_borne_out(const struct rebut_pack *pack)
{
    if (logistics_is(pack, "not_received") || logistics_is(pack, "late") ||
        logistics_is(pack, "dropped"))
        return true;
    for (uint32_t i = 0; i < pack->sheet.count; i++) {
        const struct rebut_pack_claim *claim = &pack->sheet.list[i];
        if (claim->kind != REBUT_CLAIMED_REASON || claim->contradicts.count > 0)
            continue;
        for (uint32_t k = 0; k < claim->supports.count; k++)
            if (claim->supports.list[k].mark.size == 0)
                return true;
    }
    return false;
}

bool rebut_form_is_record(const struct rebut_pack_fact *fact)
{
    const char *const logistics = rebut_mark_tables[REBUT_MARK_LOGISTICS].name;
    const char *const photo = rebut_mark_tables[REBUT_MARK_PHOTO].name;
    return fact->mark.size == 0 ||
           rebut_text_equal(fact->mark, rebut_text_of(logistics)) ||
           rebut_text_equal(fact->mark, rebut_text_of(photo));
}

static bool is_contradicted(const struct rebut_pack *pack)
{
    for (uint32_t i = 0; i < pack->sheet.count; i++)
        for (uint32_t k = 0; k < pack->sheet.list[i].contradicts.count; k++)
            if (rebut_form_is_record(&pack->sheet.list[i].contradicts.list[k]))
                return true;
    return shows_picture(pack);
}

unsigned rebut_form_doubts(const struct rebut_pack *pack)
{
    return (is_borne_out(pack) ? REBUT_DOUBT_BORNE_OUT : 0u) |
           (pack->score.answer == REBUT_LIKELY_LEGITIMATE ? REBUT_DOUBT_LEGITIMATE : 0u) |
           (pack->shop.explains ? REBUT_DOUBT_SHOP : 0u) |
           (is_contradicted(pack) || pack->score.answer == REBUT_LIKELY_ABUSE
                ? 0u
                : REBUT_DOUBT_NOTHING);
}
