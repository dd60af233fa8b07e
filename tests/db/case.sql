-- Two cases whose pages stay the same to the byte: r1 with everything that a page may
-- show, r2 with as little as there can be.
INSERT INTO rebut.orders (at, order_id, buyer_id, merchant_id, sku_id, category, channel, amount, title,
    promised_ship_at, account_created_at) VALUES
    ('2026-11-01 02:03:04Z', 'o1', 'b1', 'm1', 's1', '数码.耳机', 'livestream', 12900,
     '真无线蓝牙耳机 降噪版（黑色）', '2026-11-03 02:03:04Z', '2025-01-01Z'),
    ('2026-10-01 02:03:04Z', 'o0', 'b1', 'm2', 's9', 'food.snack', 'shelf', 2550, NULL, NULL, NULL),
    ('2026-11-02Z', 'o2', 'b2', 'm1', 's1', '数码.耳机', 'shelf', 12900, NULL, NULL, NULL);
INSERT INTO rebut.shipments (at, order_id, carrier) VALUES ('2026-11-02 03:00Z', 'o1', '顺丰');
INSERT INTO rebut.deliveries (at, order_id, signed_by) VALUES ('2026-11-04 08:00Z', 'o1', 'self');
INSERT INTO rebut.requests (at, request_id, order_id, kind, reason, amount, text, photos) VALUES
    ('2026-11-04 20:30Z', 'r1', 'o1', 'refund_only', 'quality', 12900,
     E'右耳没有声音，充电仓也充不进电，联系了客服三次都没有人理我，要求全额退款，不退货！质量这么差还好意思卖这么贵，大家千万不要买，直播间里说得天花乱坠，到手完全不是一回事。\r\nThe right ear is dead and the case does not charge; I have written to the shop three times and nobody answers, so I want my money back.\n\x1b[31m红色\x1b[0m 反向\u202e字',
     '{00112233445566ff,ff112233445566ff}'),
    ('2026-11-06Z', 'r1b', 'o1', 'return_refund', 'changed_mind', 12900, NULL, NULL),
    ('2026-10-08Z', 'r0', 'o0', 'refund_only', 'damaged', 2550, 'broken', NULL),
    ('2026-11-03Z', 'r2', 'o2', 'refund_only', 'not_received', 12900, NULL, NULL);
INSERT INTO rebut.contacts (at, order_id, by, kind, text, digest) VALUES
    ('2026-11-04 21:00Z', 'o1', 'buyer', 'message', '有人吗？', 1),
    ('2026-11-05 01:00Z', 'o1', 'merchant', 'offer_replacement', NULL, 2);
INSERT INTO rebut.outcomes (at, request_id, outcome, by, digest)
VALUES ('2026-11-05 02:00Z', 'r1', 'granted', 'platform_auto', 1);
INSERT INTO rebut.verdicts (at, request_id, verdict, digest) VALUES ('2026-10-20Z', 'r0', 'abuse', 1);
INSERT INTO rebut.models (model_id, document, as_of, role) VALUES ('5bb42d8cbbea561b', '{}', '2026-11-06Z', 'champion');
INSERT INTO rebut.runs (kind, state, ended_at, as_of, model_id)
VALUES ('nightly', 'done', '2026-11-07Z', '2026-11-06 16:00Z', '5bb42d8cbbea561b');
SELECT FROM rebut.scores_partition('2026-11-06');
INSERT INTO rebut.scores (run_id, as_of, model_id, request_id, order_id, buyer_id, merchant_id, requested_at,
    amount, rank, probability, low, high, q_value, conformal_q, answer, expected_recovery, log_odds, notes, terms)
VALUES
    (1, '2026-11-06 16:00Z', '5bb42d8cbbea561b', 'r1', 'o1', 'b1', 'm1', '2026-11-04 20:30Z', 12900, 1,
     0.875, 0.62, 0.97, 0.0825, NULL, 'likely_abuse', 11287.5, 1.9459101490553132, '{base_rate_assumed,turned}',
     '[{"name":"circumstances","log_odds":-0.35,"observed":0.05,"expected":0.04,"n":0,"sentence":"此类订单（类目、渠道、价格、物流等）在普通商家因问题仅退款的比率为 5.00%，全部订单平均 4.00%"},{"name":"merchant","log_odds":1.2,"observed":3,"expected":9,"n":0,"sentence":"商家的问题率是同类的 0.33 倍（可信买家的问题请求 3.0 起，按同类应有 9.0 起；常见范围 0.25–2.16 倍）"},{"name":"record","log_odds":1.5,"observed":1,"expected":0.1,"n":2,"sentence":"买家 2 个订单中另有 1 起仅退款；普通买家在这些商家的这些订单上约有 0.10 起（常见范围 0.02–0.31）"},{"name":"recent","log_odds":0.01,"observed":0,"expected":0,"n":0,"sentence":"下单前后两周内，该店及该商品的问题率是平时的 1.00 倍（0.0 起，应有 0.3 起）"},{"name":"calibration","log_odds":-0.4140898509446868,"observed":0,"expected":null,"n":0,"sentence":"尚无裁定：滥用的基础比率是假设，因此向五五开收缩"}]'),
    (1, '2026-11-06 16:00Z', '5bb42d8cbbea561b', 'r2', 'o2', 'b2', 'm1', '2026-11-03Z', 12900, 2,
     0.5, 0, 1, 1, 0.25, 'undetermined', 6450, 0, '{}', '[]');
INSERT INTO rebut.queue_slots (run_id, slot, request_id, selection, propensity, place)
VALUES (1, 1, 'r1', 'ranked', 1, 0.1), (1, 2, 'r2', 'random', 0.5, 0.2);
