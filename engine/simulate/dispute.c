#include "words.h"
#include "world.h"

#define AUDIT_SHARE .012 /* of refund-only requests, drawn blindly */
#define REVIEWERS 14

static bool finished(struct world *world, uint32_t index)
{
    sim_calendar_free(&world->calendar, index);
    return true;
}

static bool say(struct world *world, const struct node *node, enum rebut_party by,
                enum rebut_contact_kind kind, enum chat chat, struct rebut_error *err)
{
    char text[WORDS_SIZE];
    struct dice dice = world_dice(world, 16 + chat, node->order);
    struct contact contact = {.by = by, .kind = kind, .text = text};
    if (dice_chance(&dice, .85))
        contact.text_size = sim_words_chat(
            text, chat,
            sim_words_noun(world_trade(world, node->sku), sim_sku_hash(world, node->sku)),
            dice);
    return sim_event_contact(world, node, &contact, err);
}

static bool message(struct world *world, uint32_t index, struct rebut_error *err)
{
    const struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 6, node->order);
    if (!say(world, node, REBUT_PARTY_BUYER, REBUT_CONTACT_MESSAGE, CHAT_ASK, err))
        return false;
    return sim_later(world, index, STAGE_ANSWER, .05 + 3 * dice_wait(&dice), err);
}

/* The merchant answers; who only wanted help may be content with it. */
static bool answer(struct world *world, uint32_t index, struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 7, node->order);
    const struct merchant *merchant = world_merchant(world, node->sku);
    const bool replies = dice_chance(&dice, merchant->kind == MERCHANT_BAD ? .6 : .9);
    const bool helps = dice_chance(&dice, merchant->kind == MERCHANT_BAD ? .4 : .8);
    const double wait = 2 + 14 * dice_wait(&dice);
    const bool wants_help_only = node->request_kind == REBUT_KIND_NONE;
    const enum rebut_contact_kind kind =
        wants_help_only && helps ? REBUT_CONTACT_OFFER_REPLACEMENT : REBUT_CONTACT_REPLY;
    const enum chat chat = kind == REBUT_CONTACT_REPLY ? CHAT_ANSWER : CHAT_REPLACE;
    if (replies && !say(world, node, REBUT_PARTY_MERCHANT, kind, chat, err))
        return false;
    if (wants_help_only) {
        if (replies && helps)
            return finished(world, index);
        node->request_kind = REBUT_KIND_REFUND_ONLY;
    }
    return sim_later(world, index, STAGE_REQUEST, wait, err);
}

static bool request(struct world *world, uint32_t index, struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 8, node->order);
    struct merchant *merchant = world_merchant(world, node->sku);
    struct memory *memory = &world->people.memory[node->buyer];
    const bool refund_only = node->request_kind == REBUT_KIND_REFUND_ONLY;
    node->request = world->requests++;
    if (!sim_event_request(world, node, err))
        return false;
    if (refund_only) {
        memory->asked += memory->asked < UINT8_MAX;
        merchant->asked++;
        if (!sim_truth_row(world, node, err))
            return false;
    }
    merchant->came_back += node->reason != REBUT_REASON_CHANGED_MIND;
    const bool automatic = refund_only && node->asked < 12000 && memory->asked <= 5 &&
                           dice_chance(&dice, node->before_goods ? .9 : .5);
    const double wait = dice_wait(&dice);
    const bool offers = dice_chance(&dice, refund_only ? .62 : .15);
    if (automatic) {
        node->round = 1; /* by the platform, without the merchant */
        return sim_later(world, index, STAGE_OUTCOME, .02 + .4 * wait, err);
    }
    if (offers && !node->before_goods)
        return sim_later(world, index, STAGE_OFFER, .1 + 5 * wait, err);
    return sim_later(world, index, STAGE_OUTCOME, 2 + 30 * wait, err);
}

static bool offer(struct world *world, uint32_t index, struct rebut_error *err)
{
    const struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 9, node->order);
    static const enum rebut_contact_kind kinds[4] = {
        REBUT_CONTACT_OFFER_REPLACEMENT, REBUT_CONTACT_OFFER_PARTIAL_REFUND,
        REBUT_CONTACT_OFFER_PARTIAL_REFUND, REBUT_CONTACT_OFFER_RETURN};
    static const enum chat chats[4] = {CHAT_REPLACE, CHAT_PARTIAL, CHAT_PARTIAL,
                                       CHAT_RETURN};
    const uint32_t which = dice_below(&dice, 4);
    const bool replies = dice_chance(&dice, node->abuse ? .38 : .72);
    const double wait = dice_wait(&dice);
    if (!say(world, node, REBUT_PARTY_MERCHANT, kinds[which], chats[which], err))
        return false;
    return replies ? sim_later(world, index, STAGE_REPLY, .1 + 6 * wait, err)
                   : sim_later(world, index, STAGE_OUTCOME, 6 + 24 * wait, err);
}

static bool reply(struct world *world, uint32_t index, struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 10, node->order);
    const bool accepts = dice_chance(&dice, node->abuse ? .06 : .25);
    const double wait = dice_wait(&dice);
    if (accepts)
        node->outcome = REBUT_OUTCOME_WITHDRAWN;
    if (!say(world, node, REBUT_PARTY_BUYER, REBUT_CONTACT_REPLY,
             accepts ? CHAT_ACCEPT : CHAT_REFUSE, err))
        return false;
    return sim_later(world, index, STAGE_OUTCOME, 1 + 20 * wait, err);
}

/* Who decided, and what. */
static enum rebut_outcome_by settle(struct world *world, struct node *node,
                                    struct dice *dice)
{
    const struct merchant *merchant = world_merchant(world, node->sku);
    const struct memory *memory = &world->people.memory[node->buyer];
    const bool fault = node->condition >= CONDITION_DAMAGED || node->before_goods;
    const double yields = .2 + .5 * merchant->leniency + (fault ? .25 : 0);
    const bool yielded = dice_chance(dice, yields);
    const double believes = (fault ? .85 : .62) - .04 * memory->asked;
    const bool believed = dice_chance(dice, clamp(believes, .15, 1));
    if (node->outcome == REBUT_OUTCOME_WITHDRAWN)
        return REBUT_OUTCOME_BY_NONE;
    node->outcome = REBUT_OUTCOME_GRANTED;
    if (node->round == 1)
        return REBUT_OUTCOME_BY_PLATFORM_AUTO;
    if (yielded || node->request_kind == REBUT_KIND_RETURN_REFUND)
        return REBUT_OUTCOME_BY_MERCHANT;
    if (!believed)
        node->outcome = REBUT_OUTCOME_DENIED;
    return REBUT_OUTCOME_BY_PLATFORM;
}

static void feel(struct memory *memory, int nerve, uint32_t rest_until)
{
    const int felt = memory->nerve + nerve;
    memory->nerve = (int8_t)(felt > 100 ? 100 : felt < -100 ? -100 : felt);
    if (rest_until > memory->rest_until && rest_until <= UINT16_MAX)
        memory->rest_until = (uint16_t)rest_until;
}

/* How it looks to people with a list to work off: not how it is. */
static double suspicion(const struct world *world, const struct node *node,
                        struct dice *dice)
{
    const struct memory *memory = &world->people.memory[node->buyer];
    const double asked = memory->asked < 8 ? memory->asked : 8;
    double looks = .42 * asked - 3.0 * asked / (memory->orders + 4.0);
    looks += 5.5 * asked / (memory->orders + 6.0);
    looks += node->asked > 15000 ? .6 : 0;
    looks += node->request_kind == REBUT_KIND_REFUND_ONLY && !node->before_goods &&
                     node->at - node->delivered_at < 3600
                 ? .8
                 : 0;
    looks +=
        node->reason == REBUT_REASON_NOT_RECEIVED && node->signed_by == REBUT_SIGNED_SELF
            ? .9
            : 0;
    looks += node->script != 0 ? .5 : 0;
    return looks + .7 * dice_normal(dice);
}

/* Is the request looked at by a person, and why? */
static enum rebut_selection choose_review(struct world *world, const struct node *node,
                                          struct dice *dice)
{
    const struct merchant *merchant = world_merchant(world, node->sku);
    const bool audited = dice_chance(dice, AUDIT_SHARE);
    const double hurt = node->abuse ? .09 : .03;
    const bool appeals = dice_chance(dice, hurt * (1.5 - merchant->leniency));
    const double looks = suspicion(world, node, dice);
    const bool ranked = dice_chance(dice, looks > 3.4 ? .45 : looks > 2.6 ? .14 : .012);
    if (node->request_kind != REBUT_KIND_REFUND_ONLY ||
        node->outcome == REBUT_OUTCOME_WITHDRAWN)
        return REBUT_SELECTION_NONE;
    if (audited)
        return REBUT_SELECTION_RANDOM;
    if (appeals && node->outcome == REBUT_OUTCOME_GRANTED)
        return REBUT_SELECTION_APPEAL;
    return ranked ? REBUT_SELECTION_RANKED : REBUT_SELECTION_NONE;
}

static bool outcome(struct world *world, uint32_t index, struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 11, node->order);
    const enum rebut_outcome_by by = settle(world, node, &dice);
    const enum rebut_selection review = choose_review(world, node, &dice);
    const double wait = 20 + 60 * dice_wait(&dice);
    const double rest = 2 + 9 * dice_wait(&dice);
    struct memory *memory = &world->people.memory[node->buyer];
    const uint32_t today = node->at / 86400;
    if (!sim_event_outcome(world, node, by, err))
        return false;
    if (node->request_kind == REBUT_KIND_REFUND_ONLY) {
        const bool granted = node->outcome == REBUT_OUTCOME_GRANTED;
        world_merchant(world, node->sku)->granted += granted;
        if (granted)
            feel(memory, 4, node->abuse ? today + (uint32_t)(rest / 3) : 0);
        else
            feel(memory, -9, today + (uint32_t)rest);
    }
    node->review = (uint8_t)review;
    node->round = 0;
    if (review == REBUT_SELECTION_NONE)
        return finished(world, index);
    return sim_later(world, index, STAGE_VERDICT, wait, err);
}

/* Reviewers err by 3 to 10 %, most where an honest buyer has asked often. */
static enum rebut_verdict judge(const struct world *world, const struct node *node,
                                uint32_t reviewer, struct dice *dice)
{
    const struct memory *memory = &world->people.memory[node->buyer];
    const double care = fraction_of(hash_of(world->seed ^ 0x4e5, reviewer));
    const double prejudice = !node->abuse && memory->asked >= 3 ? 1.4 : 1;
    const bool errs = dice_chance(dice, (.03 + .04 * care) * prejudice);
    if (dice_chance(dice, .06))
        return REBUT_VERDICT_UNCLEAR;
    return node->abuse != errs ? REBUT_VERDICT_ABUSE : REBUT_VERDICT_LEGITIMATE;
}

static bool verdict(struct world *world, uint32_t index, struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 12, node->order);
    const uint32_t first = dice_below(&dice, REVIEWERS);
    const uint32_t step = dice_below(&dice, REVIEWERS - 1) + 1;
    const uint32_t reviewer = node->round == 0 ? first : (first + step) % REVIEWERS;
    const bool again = dice_chance(&dice, .12);
    const double wait = 24 + 40 * dice_wait(&dice);
    struct dice mind = world_dice(world, 13 + node->round, node->order);
    const struct opinion opinion = {
        .verdict = judge(world, node, reviewer, &mind),
        .reviewer = reviewer,
        .propensity = node->review == REBUT_SELECTION_RANDOM ? AUDIT_SHARE : 0};
    if (!world->plan->no_verdicts && !sim_event_verdict(world, node, &opinion, err))
        return false;
    if (opinion.verdict == REBUT_VERDICT_ABUSE) /* a warning: no more for some weeks */
        feel(&world->people.memory[node->buyer], -14, node->at / 86400 + 12);
    if (node->round > 0 || !again)
        return finished(world, index);
    node->round = 1;
    return sim_later(world, index, STAGE_VERDICT, wait, err);
}

bool sim_world_dispute(struct world *world, uint32_t index, struct rebut_error *err)
{
    switch (world->calendar.nodes[index].stage) {
    case STAGE_MESSAGE:
        return message(world, index, err);
    case STAGE_ANSWER:
        return answer(world, index, err);
    case STAGE_REQUEST:
        return request(world, index, err);
    case STAGE_OFFER:
        return offer(world, index, err);
    case STAGE_REPLY:
        return reply(world, index, err);
    case STAGE_OUTCOME:
        return outcome(world, index, err);
    default:
        return verdict(world, index, err);
    }
}
