#include "rebut/pack_make.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "pack_maker.h"
#include "pack_shape.h"
#include "pack_words.h"
#include "rebut/appeals.h"
#include "rebut/output.h"
#include "rebut/pack_edition.h"

/* ---- versions ---- */

static void spell_shape(const struct pack_shape *shape, struct rebut_output *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct pack_member *member = &shape->members[i];
        rebut_output_print(out, "%s:%d/%" PRIu32 "{", member->name, (int)member->kind,
                           member->limit);
        for (uint32_t w = 0; member->kind == PACK_WORD && w < member->limit; w++)
            rebut_output_print(out, "%s,", member->words[w]);
        if (member->shape != NULL)
            spell_shape(member->shape, out);
        rebut_output_print(out, "}");
    }
}

static bool hash_versions(struct rebut_pack_maker *maker, struct rebut_error *err)
{
    struct rebut_output out;
    char words[100];
    if (!rebut_output_memory(&out, err))
        return false;
    rebut_output_print(&out, REBUT_PACK_SCHEMA " ");
    spell_shape(&rebut_pack_shape, &out);
    const bool ok = out.cause == 0 || rebut_fail_memory(err, "the schema");
    if (ok)
        rebut_pack_name((struct rebut_text){out.buffer, out.used}, maker->schema_hash);
    rebut_output_release(&out);
    snprintf(words, sizeof words, "digits %d, matches %d, retain %d days, pseudonyms %d",
             REBUT_PACK_DIGITS, REBUT_PACK_MATCHES_MAX, maker->retain_days,
             maker->has_secret);
    rebut_pack_name(rebut_text_of(words), maker->config_hash);
    return ok;
}

/* ---- the maker ---- */

bool rebut_pack_maker_open(struct rebut_pack_maker **ret,
                           const struct rebut_scores *scores,
                           const struct rebut_pack_plan *plan, struct rebut_error *err)
{
    const struct rebut_frame *frame = scores->inference->frame;
    if (!(plan->retain_days >= 1 && plan->retain_days <= 3650))
        return rebut_fail(err, REBUT_EINPUT, "expected 1 to 3650 days to retain, got %d",
                          plan->retain_days);
    if (scores->count != frame->claims_count)
        return rebut_fail(err, REBUT_EINPUT, "packs need the scores of all requests");
    if (plan->appeals != NULL && plan->appeals->as_of > frame->as_of)
        return rebut_fail(err, REBUT_EINPUT, "packs need appeals of no later time");
    struct rebut_pack_maker *maker = calloc(1, sizeof *maker);
    if (maker == NULL)
        return rebut_fail_memory(err, "packs");
    maker->scores = scores;
    maker->frame = frame;
    maker->state = frame->state;
    maker->retain_days = plan->retain_days;
    maker->appeals = plan->appeals;
    maker->edition = plan->edition;
    rebut_pack_wording(maker->wording);
    maker->has_secret = plan->secret != NULL;
    if (maker->has_secret)
        memcpy(maker->secret, plan->secret, sizeof maker->secret);
    if (!hash_versions(maker, err) || !rebut_pack_count(maker, err) ||
        !rebut_album_open(&maker->album, maker->state, err) ||
        !rebut_pack_texts_open(&maker->texts, maker->state, err)) {
        rebut_pack_maker_close(maker);
        return false;
    }
    rebut_pack_judged(maker);
    *ret = maker;
    return true;
}

void rebut_pack_maker_close(struct rebut_pack_maker *maker)
{
    if (maker == NULL)
        return;
    rebut_album_close(&maker->album);
    free(maker->dispute);
    free(maker->shops);
    free(maker->listings);
    free(maker->categories);
    free(maker->listing_first);
    free(maker->listing_claims);
    rebut_pack_texts_close(&maker->texts);
    sodium_memzero(maker->secret, sizeof maker->secret);
    free(maker);
}

/* ---- header and notice ---- */

/* When the window closes, by the merchant's own record of its appeals. */
static int64_t expiry(const struct pack_case *own)
{
    const struct rebut_appeals *appeals = own->maker->appeals;
    const struct rebut_appeal *appeal =
        appeals == NULL ? NULL
                        : rebut_appeals_find(
                              appeals, rebut_intern_text(&own->maker->state->request_ids,
                                                         own->request_index));
    return appeal == NULL ? REBUT_TIME_NONE : appeal->expires;
}

void rebut_pack_put_header(struct pack_case *own)
{
    const struct rebut_pack_maker *maker = own->maker;
    const struct rebut_state *state = maker->state;
    struct rebut_pack *pack = own->pack;
    const char *model = maker->scores->model->version;
    pack->header = (struct rebut_pack_header){
        .request_id = rebut_pack_id(own, &state->request_ids, own->request_index),
        .order_id = rebut_pack_id(own, &state->order_ids, own->request->order),
        .merchant_id = rebut_pack_id(own, &state->merchant_ids, own->merchant),
        .sku_id = rebut_pack_id(own, &state->sku_ids, own->order->sku),
        .category = rebut_pack_label(own, &state->categories, own->order->category),
        .paid = own->order->amount,
        .asked = own->request->amount,
        .quantity = own->order->quantity,
        .reason = own->request->reason,
        .as_of = maker->frame->as_of,
        .expires = expiry(own),
        .schema_hash = rebut_pack_keep(pack, rebut_text_of(maker->schema_hash)),
        .engine = rebut_pack_keep(pack, REBUT_TEXT("rebut " REBUT_VERSION)),
        .config = rebut_pack_keep(pack, rebut_text_of(maker->config_hash)),
        .wording = rebut_pack_keep(pack, rebut_text_of(maker->wording)),
        .edition = REBUT_EDITION_PLATFORM};
    if (maker->has_secret) {
        char blind[REBUT_PACK_NAME];
        char pseudonym[REBUT_PACK_PSEUDONYM];
        rebut_pack_pseudonym(maker->secret, pack->header.merchant_id,
                             rebut_intern_text(&state->buyer_ids, own->buyer), pseudonym);
        rebut_pack_blind(maker->secret, rebut_text_of(pseudonym), blind);
        pack->header.blind = rebut_pack_keep(pack, rebut_text_of(blind));
    }
    if (model[0] != '\0')
        pack->header.model = rebut_pack_keep(pack, rebut_text_of(model));
}

static void add_redaction(struct pack_case *own, const char *zh, const char *en,
                          int64_t count)
{
    struct rebut_pack_redaction *redaction =
        count == 0 ? NULL : REBUT_PACK_MORE(own->pack, &own->pack->notice.redactions);
    if (redaction == NULL)
        return;
    redaction->what = PACK_SAY(own->pack, "%s", "%s", zh);
    redaction->what.en = rebut_pack_print(own->pack, "%s", en);
    redaction->count = count;
}

void rebut_pack_put_notice(struct pack_case *own)
{
    struct rebut_pack_notice *notice = &own->pack->notice;
    notice->text.zh = rebut_pack_keep(
        own->pack,
        REBUT_TEXT("本材料是统计证据，不是法律认定；是否滥用须由人判断。买家有权要"
                   "求说明并提出异议。"));
    notice->text.en = rebut_pack_keep(
        own->pack, REBUT_TEXT("This is statistical evidence, not a legal finding; a "
                              "person must decide.  The buyer may ask for an explanation "
                              "and object."));
    notice->edition = rebut_pack_edition_words(own->pack, REBUT_EDITION_PLATFORM);
    add_redaction(own,
                  own->maker->has_secret ? "买家账号以本店专用的化名代替"
                                         : "买家账号已略去（未提供化名密钥）",
                  own->maker->has_secret
                      ? "the buyer's account, for which this shop's pseudonym stands"
                      : "the buyer's account (no key for pseudonyms was given)",
                  1);
    add_redaction(own, "设备、地址、支付账户与电话一律不写入",
                  "devices, addresses, payment accounts and telephones, which are never "
                  "written",
                  1);
    add_redaction(own, "其他店铺只计数，不具名",
                  "other shops, which are counted and not named", own->shops_removed);
    add_redaction(own, "买家文字中的号码或账号以[***]代替",
                  "numbers or accounts in the buyer's words, for which [***] stands",
                  own->text_removed);
    notice->retain_until = own->maker->frame->as_of + own->maker->retain_days * REBUT_DAY;
}

/* ---- one pack ---- */

static bool find_case(struct rebut_pack_maker *maker, const struct rebut_score *score,
                      struct pack_case *own, struct rebut_error *err)
{
    const struct rebut_frame *frame = maker->frame;
    own->maker = maker;
    own->score = score;
    own->claim = &frame->claims[score->claim];
    own->result = &maker->scores->inference->claims[score->claim];
    own->request_index = own->claim->request;
    own->request = &maker->state->requests.data[own->request_index];
    own->row = &frame->rows[own->claim->row];
    own->order = &maker->state->orders.data[own->row->order];
    own->buyer = own->order->buyer;
    own->merchant = own->order->merchant;
    own->listing = frame->unit_listing[own->row->unit];
    const uint32_t *claims = &frame->buyer_claims[own->buyer];
    return claims[1] - claims[0] <= REBUT_PACK_RECORD_MAX ||
           rebut_fail(err, REBUT_ELIMIT,
                      "expected at most %d requests of one buyer, got %" PRIu32,
                      REBUT_PACK_RECORD_MAX, claims[1] - claims[0]);
}

static bool make_exact(struct rebut_pack_maker *maker, const struct rebut_score *score,
                       struct rebut_pack *ret, struct rebut_error *err)
{
    struct pack_case own = {.pack = ret};
    *ret = (struct rebut_pack){0};
    if (!find_case(maker, score, &own, err))
        return false;
    rebut_pack_put_header(&own);
    rebut_pack_put_timeline(&own);
    rebut_pack_put_inputs(&own);
    rebut_pack_put_score(&own);
    rebut_pack_put_buyer(&own);
    rebut_pack_put_shop(&own);
    rebut_pack_put_elsewhere(&own);
    rebut_pack_put_sheet(&own);
    rebut_pack_put_notice(&own);
    if (!rebut_pack_failed(ret))
        return true;
    rebut_pack_release(ret);
    return rebut_fail_memory(err, "a pack");
}

bool rebut_pack_make(struct rebut_pack_maker *maker, const struct rebut_score *score,
                     struct rebut_pack *ret, struct rebut_error *err)
{
    if (!make_exact(maker, score, ret, err))
        return false;
    if (maker->edition == REBUT_EDITION_PLATFORM || rebut_pack_shop_edition(ret, err))
        return true;
    rebut_pack_release(ret);
    return false;
}
