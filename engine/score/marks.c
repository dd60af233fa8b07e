/* The table of marks: questions about one request, and an expert's weights.
 *
 * A weight is the log of how much likelier the answer is from somebody who wants the
 * goods for nothing than from somebody whom something went wrong for: weak, signed, at
 * most 3 either way, with its reason.  Signs and sizes are judgement; they were held
 * against one labelled simulated platform, so figures on that platform flatter them
 * (benchmarks/quality/README.md says by how much).  Verdicts are to replace them. */
#include "mark_context.h"

const struct rebut_mark_table rebut_mark_tables[REBUT_MARKS] = {
    [REBUT_MARK_DELAY] =
        {"delay",
         "who asks within hours of signing has hardly used the goods; a fault that shows "
         "in use takes days",
         rebut_mark_delay,
         7,
         {{"not_delivered", 0, "货物未签收", "the parcel was not signed for"},
          {"under_3h", .7, "签收后3小时内申请", "asked within 3 hours of signing"},
          {"under_12h", .5, "签收后12小时内申请", "asked within 12 hours of signing"},
          {"under_1d", .2, "签收后1天内申请", "asked within a day of signing"},
          {"under_2d", -.3, "签收后1至2天申请", "asked one to two days after signing"},
          {"under_3d", -.7, "签收后2至3天申请", "asked two to three days after signing"},
          {"over_3d", -1, "签收3天后申请", "asked more than three days after signing"}}},
    [REBUT_MARK_TEXT] =
        {"text_category",
         "a complaint about something that such goods do not have was written for other "
         "goods",
         rebut_mark_text,
         5,
         {{"no_text", 0, "没有文字说明，无从与类目对照",
           "no text was given that could be held against the category"},
          {"foreign", 2, "所述问题在该类商品中罕见（不到其他类的1/20）",
           "words over 20 times rarer for goods of this category than for others"},
          {"rare", 1, "所述问题在该类商品中少见（不到其他类的1/7）",
           "words over 7 times rarer for goods of this category than for others"},
          {"unusual", .3, "所述问题在该类商品中偏少（不到其他类的1/4）",
           "words over 4 times rarer for goods of this category than for others"},
          {"fits", -.2, "所述问题在该类商品中常见",
           "the words fit goods of this category"}}},
    [REBUT_MARK_WORDS] =
        {"text_reason",
         "who describes what happened names the reason; who makes it up often does not",
         rebut_mark_words,
         6,
         {{"no_text", 0, "没有文字说明，无从与理由对照",
           "no text was given that could be held against the reason"},
          {"foreign", 1, "文字与所选理由罕见搭配（不到其他理由的1/20）",
           "words over 20 times rarer for the stated reason than for others"},
          {"rare", .6, "文字与所选理由少见搭配（不到其他理由的1/7）",
           "words over 7 times rarer for the stated reason than for others"},
          {"unusual", .3, "文字与所选理由搭配偏少（不到其他理由的1/4）",
           "words over 4 times rarer for the stated reason than for others"},
          {"neutral", 0, "文字与所选理由无明显关系",
           "the words say nothing of the reason"},
          {"names", -.4, "文字说明了所选理由", "the words name the stated reason"}}},
    [REBUT_MARK_PHOTO] =
        {"photo_reuse",
         "an honest picture shows this parcel, so it cannot stand on another order",
         rebut_mark_photo,
         5,
         {{"no_photo", 0, "没有图片", "no picture was given"},
          {"other_buyer", 3, "同一图片出现在其他买家的订单中",
           "the same picture stands on another buyer's order"},
          {"same_buyer", 2, "同一图片出现在该买家的其他订单中",
           "the same picture stands on another order of this buyer"},
          {"same_purchase", 0,
           "同一图片出现在该买家同店三天内的另一订单中，可能是同一包裹",
           "the same picture stands on another order of this buyer at the shop within "
           "three "
           "days, which may be one parcel"},
          {"own", -.1, "图片未在其他订单中出现",
           "the picture stands on no other order"}}},
    [REBUT_MARK_LOGISTICS] =
        {"reason_logistics",
         "the carrier's record bears the stated reason out, or contradicts it; but "
         "parcels are signed for that nobody got, so it is half of what it seems, and "
         "where many share an address the signature is nobody's",
         rebut_mark_logistics,
         8,
         {{"silent", 0, "物流记录与理由无关",
           "the carrier's record says nothing about it"},
          {"received", .7, "称未收到，但物流显示已签收",
           "said not received, but the carrier has it signed for"},
          {"not_received", -.7, "称未收到，物流也未显示签收",
           "said not received, and the carrier has no signature"},
          {"in_time", .7, "称发货或配送迟，但物流正常",
           "said late, but it was shipped and carried in time"},
          {"late", -.7, "称发货或配送迟，物流确实延误",
           "said late, and it was shipped or carried late"},
          {"dropped", -1, "称降价，价格确已下调", "said the price fell, and it did"},
          {"no_drop", .5, "称降价，但未见降价记录",
           "said the price fell, but no fall is on record"},
          {"received_crowd", -.3,
           "称未收到，物流显示已签收，但收货地址有20个以上账号共用，包裹易丢失或被误领",
           "said not received, but the carrier has it signed for, at an address that 20 "
           "accounts or more share, where parcels go astray"}}},
    [REBUT_MARK_REPLY] =
        {"reply",
         "who wants the matter put right talks about the offer; who wants the money "
         "waits",
         rebut_mark_reply,
         3,
         {{"no_offer", 0, "商家未提出方案，或时间尚早",
           "no offer was made, or it is too early"},
          {"answered", -.6, "买家回应了商家的方案",
           "the buyer answered the merchant's offer"},
          {"unanswered", .8, "商家提出方案两天后买家仍未回应",
           "the buyer left the merchant's offer unanswered for two days"}}},
    [REBUT_MARK_COPY] =
        {"text_copy",
         "who tells what happened finds words for it; the same words about another "
         "shop's goods were copied, which honest people do as well, but less often",
         rebut_mark_copy,
         8,
         {{"no_text", 0, "没有文字说明，或文字太短，无从与他人对照",
           "no text was given, or too short a one, to compare with others'"},
          {"alone", -.1, "没有其他买家写过相近的文字",
           "no other buyer wrote nearly the same"},
          {"public", 0, "文字援引法律或监管，或超过100个买家写过相近的文字",
           "the text appeals to the law, or over 100 buyers wrote nearly the same"},
          {"same_goods", 0, "同期购买同一商品的其他买家写过相近的文字",
           "others who bought the same item in the same days wrote nearly the same"},
          {"same_shop", 0, "同店的其他买家写过相近的文字",
           "other buyers at the shop wrote nearly the same"},
          {"common", 0,
           "其他买家就别家商品写过相近的文字，但退货者中也很常见（超过3/10）",
           "other buyers wrote nearly the same about other shops' goods, but over 3 in "
           "10 "
           "of those who send goods back do so too"},
          {"usual", .3, "其他买家就别家商品写过相近的文字，退货者中也不少见（超过1/10）",
           "other buyers wrote nearly the same about other shops' goods, as over 1 in 10 "
           "of those who send goods back do"},
          {"copied", 1.2, "其他买家就别家商品写过相近的文字，退货者中少见",
           "other buyers wrote nearly the same about other shops' goods, which those who "
           "send goods back seldom do"}}},
    [REBUT_MARK_MIX] =
        {"reason_goods",
         "goods have faults of their own, and who makes a fault up does not know which; "
         "half of the logarithm of the ratio, because a first fault of its kind is no "
         "lie",
         rebut_mark_mix,
         6,
         {{"other_reason", 0, "所选理由不涉及商品本身",
           "the stated reason does not lie in the goods"},
          {"under_half", .5, "退货者就该商品或该店提出此理由的比例，不到同类商品的1/2",
           "of those who send these goods or this shop's back, less than half as many as "
           "for the category name this reason"},
          {"fewer", .2, "退货者就该商品或该店提出此理由的比例，低于同类商品",
           "of those who send these goods or this shop's back, fewer than for the "
           "category "
           "name this reason"},
          {"as_usual", 0, "退货者就该商品提出此理由的比例与同类商品相近，或退货记录太少",
           "those who send these goods back name this reason as often as for the "
           "category, "
           "or they are too few"},
          {"more", -.2, "退货者就该商品或该店提出此理由的比例，高于同类商品",
           "of those who send these goods or this shop's back, more than for the "
           "category "
           "name this reason"},
          {"over_twice", -.5, "退货者就该商品或该店提出此理由的比例，超过同类商品的2倍",
           "of those who send these goods or this shop's back, over twice as many as for "
           "the category name this reason"}}},
    [REBUT_MARK_CONCORD] =
        {"concordance",
         "buyers with a record elsewhere who found the same wrong with the same goods in "
         "the same days bear witness; that they complain at all is the merchant's line",
         rebut_mark_concord,
         5,
         {{"nobody", 0, "同期购买同一商品的其他可信买家没有可比的投诉",
           "no trusted buyer of the same item in the same days has a complaint to "
           "compare"},
          {"otherwise", 0, "同期购买同一商品的其他可信买家有投诉，但理由均不同",
           "trusted buyers of the same item in the same days complained, but never of "
           "this"},
          {"some", 0,
           "同期购买同一商品的其他可信买家有人提出同样理由，不多于同类商品的通常比例",
           "of trusted buyers of the same item in the same days some complained of the "
           "same, no more than is usual for the category"},
          {"concordant", -.2,
           "同期购买同一商品的其他可信买家有人提出同样理由，多于同类商品的通常比例",
           "trusted buyers of the same item in the same days complained of the same, "
           "more "
           "than is usual for the category"},
          {"strongly", -.5,
           "同期购买同一商品的多个可信买家提出同样理由，超过同类商品通常比例的2倍",
           "several trusted buyers of the same item in the same days complained of the "
           "same, over twice as many as is usual for the category"}}},
    [REBUT_MARK_AMOUNT] =
        {"amount",
         "who wants to be made good asks for what is missing; who wants the goods for "
         "nothing asks for all",
         rebut_mark_amount,
         4,
         {{"unknown", 0, "申请或支付金额不明", "the amount asked or paid is not known"},
          {"part", -1, "只申请退还部分货款", "asked for a part of what was paid"},
          {"whole", .05, "申请退还全部货款", "asked for all that was paid"},
          {"more", 0, "申请金额高于实付金额", "asked for more than was paid"}}},
};
