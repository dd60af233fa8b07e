/* What the marks find, both languages side by side, as engine/score/marks.c has it
 * (tests/browser/words.mjs holds the two together). */
export const marks = [
  [
    "货物未签收",
    "the parcel was not signed for",
  ],
  [
    "签收后3小时内申请",
    "asked within 3 hours of signing",
  ],
  [
    "签收后12小时内申请",
    "asked within 12 hours of signing",
  ],
  [
    "签收后1天内申请",
    "asked within a day of signing",
  ],
  [
    "签收后1至2天申请",
    "asked one to two days after signing",
  ],
  [
    "签收后2至3天申请",
    "asked two to three days after signing",
  ],
  [
    "签收3天后申请",
    "asked more than three days after signing",
  ],
  [
    "没有文字说明，无从与类目对照",
    "no text was given that could be held against the category",
  ],
  [
    "所述问题在该类商品中罕见（不到其他类的1/20）",
    "words over 20 times rarer for goods of this category than for others",
  ],
  [
    "所述问题在该类商品中少见（不到其他类的1/7）",
    "words over 7 times rarer for goods of this category than for others",
  ],
  [
    "所述问题在该类商品中偏少（不到其他类的1/4）",
    "words over 4 times rarer for goods of this category than for others",
  ],
  [
    "所述问题在该类商品中常见",
    "the words fit goods of this category",
  ],
  [
    "没有文字说明，无从与理由对照",
    "no text was given that could be held against the reason",
  ],
  [
    "文字与所选理由罕见搭配（不到其他理由的1/20）",
    "words over 20 times rarer for the stated reason than for others",
  ],
  [
    "文字与所选理由少见搭配（不到其他理由的1/7）",
    "words over 7 times rarer for the stated reason than for others",
  ],
  [
    "文字与所选理由搭配偏少（不到其他理由的1/4）",
    "words over 4 times rarer for the stated reason than for others",
  ],
  [
    "文字与所选理由无明显关系",
    "the words say nothing of the reason",
  ],
  [
    "文字说明了所选理由",
    "the words name the stated reason",
  ],
  [
    "没有图片",
    "no picture was given",
  ],
  [
    "同一图片出现在其他买家的订单中",
    "the same picture stands on another buyer's order",
  ],
  [
    "同一图片出现在该买家的其他订单中",
    "the same picture stands on another order of this buyer",
  ],
  [
    "同一图片出现在该买家同店三天内的另一订单中，可能是同一包裹",
    "the same picture stands on another order of this buyer at the shop within three days, which may be one parcel",
  ],
  [
    "图片未在其他订单中出现",
    "the picture stands on no other order",
  ],
  [
    "物流记录与理由无关",
    "the carrier's record says nothing about it",
  ],
  [
    "称未收到，但物流显示已签收",
    "said not received, but the carrier has it signed for",
  ],
  [
    "称未收到，物流也未显示签收",
    "said not received, and the carrier has no signature",
  ],
  [
    "称发货或配送迟，但物流正常",
    "said late, but it was shipped and carried in time",
  ],
  [
    "称发货或配送迟，物流确实延误",
    "said late, and it was shipped or carried late",
  ],
  [
    "称降价，价格确已下调",
    "said the price fell, and it did",
  ],
  [
    "称降价，但未见降价记录",
    "said the price fell, but no fall is on record",
  ],
  [
    "称未收到，物流显示已签收，但收货地址有20个以上账号共用，包裹易丢失或被误领",
    "said not received, but the carrier has it signed for, at an address that 20 accounts or more share, where parcels go astray",
  ],
  [
    "商家未提出方案，或时间尚早",
    "no offer was made, or it is too early",
  ],
  [
    "买家回应了商家的方案",
    "the buyer answered the merchant's offer",
  ],
  [
    "商家提出方案两天后买家仍未回应",
    "the buyer left the merchant's offer unanswered for two days",
  ],
  [
    "没有文字说明，或文字太短，无从与他人对照",
    "no text was given, or too short a one, to compare with others'",
  ],
  [
    "没有其他买家写过相近的文字",
    "no other buyer wrote nearly the same",
  ],
  [
    "文字援引法律或监管，或超过100个买家写过相近的文字",
    "the text appeals to the law, or over 100 buyers wrote nearly the same",
  ],
  [
    "同期购买同一商品的其他买家写过相近的文字",
    "others who bought the same item in the same days wrote nearly the same",
  ],
  [
    "同店的其他买家写过相近的文字",
    "other buyers at the shop wrote nearly the same",
  ],
  [
    "其他买家就别家商品写过相近的文字，但退货者中也很常见（超过3/10）",
    "other buyers wrote nearly the same about other shops' goods, but over 3 in 10 of those who send goods back do so too",
  ],
  [
    "其他买家就别家商品写过相近的文字，退货者中也不少见（超过1/10）",
    "other buyers wrote nearly the same about other shops' goods, as over 1 in 10 of those who send goods back do",
  ],
  [
    "其他买家就别家商品写过相近的文字，退货者中少见",
    "other buyers wrote nearly the same about other shops' goods, which those who send goods back seldom do",
  ],
  [
    "所选理由不涉及商品本身",
    "the stated reason does not lie in the goods",
  ],
  [
    "退货者就该商品或该店提出此理由的比例，不到同类商品的1/2",
    "of those who send these goods or this shop's back, less than half as many as for the category name this reason",
  ],
  [
    "退货者就该商品或该店提出此理由的比例，低于同类商品",
    "of those who send these goods or this shop's back, fewer than for the category name this reason",
  ],
  [
    "退货者就该商品提出此理由的比例与同类商品相近，或退货记录太少",
    "those who send these goods back name this reason as often as for the category, or they are too few",
  ],
  [
    "退货者就该商品或该店提出此理由的比例，高于同类商品",
    "of those who send these goods or this shop's back, more than for the category name this reason",
  ],
  [
    "退货者就该商品或该店提出此理由的比例，超过同类商品的2倍",
    "of those who send these goods or this shop's back, over twice as many as for the category name this reason",
  ],
  [
    "同期购买同一商品的其他可信买家没有可比的投诉",
    "no trusted buyer of the same item in the same days has a complaint to compare",
  ],
  [
    "同期购买同一商品的其他可信买家有投诉，但理由均不同",
    "trusted buyers of the same item in the same days complained, but never of this",
  ],
  [
    "同期购买同一商品的其他可信买家有人提出同样理由，不多于同类商品的通常比例",
    "of trusted buyers of the same item in the same days some complained of the same, no more than is usual for the category",
  ],
  [
    "同期购买同一商品的其他可信买家有人提出同样理由，多于同类商品的通常比例",
    "trusted buyers of the same item in the same days complained of the same, more than is usual for the category",
  ],
  [
    "同期购买同一商品的多个可信买家提出同样理由，超过同类商品通常比例的2倍",
    "several trusted buyers of the same item in the same days complained of the same, over twice as many as is usual for the category",
  ],
  [
    "申请或支付金额不明",
    "the amount asked or paid is not known",
  ],
  [
    "只申请退还部分货款",
    "asked for a part of what was paid",
  ],
  [
    "申请退还全部货款",
    "asked for all that was paid",
  ],
  [
    "申请金额高于实付金额",
    "asked for more than was paid",
  ],
];
