/* The closed vocabularies of the input contract. */
#include "field.h"

const char *const rebut_words_type[REBUT_EVENT_TYPES] = {
    [REBUT_EVENT_ORDER] = "order",       [REBUT_EVENT_SHIPMENT] = "shipment",
    [REBUT_EVENT_DELIVERY] = "delivery", [REBUT_EVENT_PRICE] = "price",
    [REBUT_EVENT_CONTACT] = "contact",   [REBUT_EVENT_REQUEST] = "request",
    [REBUT_EVENT_OUTCOME] = "outcome",   [REBUT_EVENT_VERDICT] = "verdict",
};

const char *const rebut_words_channel[REBUT_CHANNELS] = {
    [REBUT_CHANNEL_NONE] = "",
    [REBUT_CHANNEL_SHELF] = "shelf",
    [REBUT_CHANNEL_LIVESTREAM] = "livestream",
    [REBUT_CHANNEL_SHORT_VIDEO] = "short_video",
    [REBUT_CHANNEL_SOCIAL] = "social",
    [REBUT_CHANNEL_PRIVATE_DOMAIN] = "private_domain",
};

const char *const rebut_words_request_kind[REBUT_KINDS] = {
    [REBUT_KIND_NONE] = "",
    [REBUT_KIND_REFUND_ONLY] = "refund_only",
    [REBUT_KIND_RETURN_REFUND] = "return_refund",
};

const char *const rebut_words_reason[REBUT_REASONS] = {
    [REBUT_REASON_NONE] = "",
    [REBUT_REASON_DAMAGED] = "damaged",
    [REBUT_REASON_QUALITY] = "quality",
    [REBUT_REASON_NOT_AS_DESCRIBED] = "not_as_described",
    [REBUT_REASON_COUNTERFEIT] = "counterfeit",
    [REBUT_REASON_WRONG_ITEM] = "wrong_item",
    [REBUT_REASON_MISSING_ITEM] = "missing_item",
    [REBUT_REASON_LATE_DELIVERY] = "late_delivery",
    [REBUT_REASON_NOT_RECEIVED] = "not_received",
    [REBUT_REASON_PRICE_DROP] = "price_drop",
    [REBUT_REASON_CHANGED_MIND] = "changed_mind",
    [REBUT_REASON_OTHER] = "other",
};

const char *const rebut_words_signed_by[REBUT_SIGNEDS] = {
    [REBUT_SIGNED_NONE] = "",
    [REBUT_SIGNED_SELF] = "self",
    [REBUT_SIGNED_LOCKER] = "locker",
    [REBUT_SIGNED_OTHER] = "other",
};

const char *const rebut_words_party[REBUT_PARTIES] = {
    [REBUT_PARTY_NONE] = "",
    [REBUT_PARTY_BUYER] = "buyer",
    [REBUT_PARTY_MERCHANT] = "merchant",
};

const char *const rebut_words_contact_kind[REBUT_CONTACTS] = {
    [REBUT_CONTACT_NONE] = "",
    [REBUT_CONTACT_MESSAGE] = "message",
    [REBUT_CONTACT_REPLY] = "reply",
    [REBUT_CONTACT_OFFER_REPLACEMENT] = "offer_replacement",
    [REBUT_CONTACT_OFFER_PARTIAL_REFUND] = "offer_partial_refund",
    [REBUT_CONTACT_OFFER_RETURN] = "offer_return",
};

const char *const rebut_words_outcome[REBUT_OUTCOMES] = {
    [REBUT_OUTCOME_NONE] = "",
    [REBUT_OUTCOME_GRANTED] = "granted",
    [REBUT_OUTCOME_DENIED] = "denied",
    [REBUT_OUTCOME_WITHDRAWN] = "withdrawn",
};

const char *const rebut_words_outcome_by[REBUT_OUTCOME_BYS] = {
    [REBUT_OUTCOME_BY_NONE] = "",
    [REBUT_OUTCOME_BY_PLATFORM_AUTO] = "platform_auto",
    [REBUT_OUTCOME_BY_PLATFORM] = "platform",
    [REBUT_OUTCOME_BY_MERCHANT] = "merchant",
};

const char *const rebut_words_verdict[REBUT_VERDICTS] = {
    [REBUT_VERDICT_NONE] = "",
    [REBUT_VERDICT_ABUSE] = "abuse",
    [REBUT_VERDICT_LEGITIMATE] = "legitimate",
    [REBUT_VERDICT_UNCLEAR] = "unclear",
};

const char *const rebut_words_selection[REBUT_SELECTIONS] = {
    [REBUT_SELECTION_NONE] = "",
    [REBUT_SELECTION_RANKED] = "ranked",
    [REBUT_SELECTION_RANDOM] = "random",
    [REBUT_SELECTION_APPEAL] = "appeal",
};

/* The place of a word is (first byte + last byte + 4 * size) mod 32, which is another one
 * for each word of a vocabulary; a test reads every word. */

const struct vocabulary rebut_event_types = {rebut_words_type,
                                             REBUT_EVENT_TYPES,
                                             {
                                                 [21] = {REBUT_EVENT_ORDER, 5},
                                                 [7] = {REBUT_EVENT_SHIPMENT, 8},
                                                 [29] = {REBUT_EVENT_DELIVERY, 8},
                                                 [9] = {REBUT_EVENT_PRICE, 5},
                                                 [19] = {REBUT_EVENT_CONTACT, 7},
                                                 [2] = {REBUT_EVENT_REQUEST, 7},
                                                 [16] = {REBUT_EVENT_OUTCOME, 7},
                                                 [6] = {REBUT_EVENT_VERDICT, 7},
                                             }};

const struct vocabulary rebut_event_channels = {
    rebut_words_channel,
    REBUT_CHANNELS,
    {
        [13] = {REBUT_CHANNEL_SHELF, 5},
        [1] = {REBUT_CHANNEL_LIVESTREAM, 10},
        [14] = {REBUT_CHANNEL_SHORT_VIDEO, 11},
        [23] = {REBUT_CHANNEL_SOCIAL, 6},
        [22] = {REBUT_CHANNEL_PRIVATE_DOMAIN, 14},
    }};

const struct vocabulary rebut_event_request_kinds = {
    rebut_words_request_kind,
    REBUT_KINDS,
    {
        [23] = {REBUT_KIND_REFUND_ONLY, 11},
        [10] = {REBUT_KIND_RETURN_REFUND, 13},
    }};

const struct vocabulary rebut_event_reasons = {
    rebut_words_reason,
    REBUT_REASONS,
    {
        [4] = {REBUT_REASON_DAMAGED, 7},
        [6] = {REBUT_REASON_QUALITY, 7},
        [18] = {REBUT_REASON_NOT_AS_DESCRIBED, 16},
        [3] = {REBUT_REASON_COUNTERFEIT, 11},
        [12] = {REBUT_REASON_WRONG_ITEM, 10},
        [10] = {REBUT_REASON_MISSING_ITEM, 12},
        [25] = {REBUT_REASON_LATE_DELIVERY, 13},
        [2] = {REBUT_REASON_NOT_RECEIVED, 12},
        [8] = {REBUT_REASON_PRICE_DROP, 10},
        [23] = {REBUT_REASON_CHANGED_MIND, 12},
        [21] = {REBUT_REASON_OTHER, 5},
    }};

const struct vocabulary rebut_event_signed_bys = {rebut_words_signed_by,
                                                  REBUT_SIGNEDS,
                                                  {
                                                      [9] = {REBUT_SIGNED_SELF, 4},
                                                      [22] = {REBUT_SIGNED_LOCKER, 6},
                                                      [21] = {REBUT_SIGNED_OTHER, 5},
                                                  }};

const struct vocabulary rebut_event_parties = {rebut_words_party,
                                               REBUT_PARTIES,
                                               {
                                                   [8] = {REBUT_PARTY_BUYER, 5},
                                                   [1] = {REBUT_PARTY_MERCHANT, 8},
                                               }};

const struct vocabulary rebut_event_contact_kinds = {
    rebut_words_contact_kind,
    REBUT_CONTACTS,
    {
        [14] = {REBUT_CONTACT_MESSAGE, 7},
        [31] = {REBUT_CONTACT_REPLY, 5},
        [7] = {REBUT_CONTACT_OFFER_REPLACEMENT, 17},
        [3] = {REBUT_CONTACT_OFFER_PARTIAL_REFUND, 20},
        [13] = {REBUT_CONTACT_OFFER_RETURN, 12},
    }};

const struct vocabulary rebut_event_outcomes = {rebut_words_outcome,
                                                REBUT_OUTCOMES,
                                                {
                                                    [7] = {REBUT_OUTCOME_GRANTED, 7},
                                                    [0] = {REBUT_OUTCOME_DENIED, 6},
                                                    [9] = {REBUT_OUTCOME_WITHDRAWN, 9},
                                                }};

const struct vocabulary rebut_event_outcome_bys = {
    rebut_words_outcome_by,
    REBUT_OUTCOME_BYS,
    {
        [19] = {REBUT_OUTCOME_BY_PLATFORM_AUTO, 13},
        [29] = {REBUT_OUTCOME_BY_PLATFORM, 8},
        [1] = {REBUT_OUTCOME_BY_MERCHANT, 8},
    }};

const struct vocabulary rebut_event_verdicts = {rebut_words_verdict,
                                                REBUT_VERDICTS,
                                                {
                                                    [26] = {REBUT_VERDICT_ABUSE, 5},
                                                    [25] = {REBUT_VERDICT_LEGITIMATE, 10},
                                                    [3] = {REBUT_VERDICT_UNCLEAR, 7},
                                                }};

const struct vocabulary rebut_event_selections = {rebut_words_selection,
                                                  REBUT_SELECTIONS,
                                                  {
                                                      [14] = {REBUT_SELECTION_RANKED, 6},
                                                      [23] = {REBUT_SELECTION_RANDOM, 6},
                                                      [5] = {REBUT_SELECTION_APPEAL, 6},
                                                  }};
