-- The tables of the fictitious platform of sql/examples/platform_views.sql.
CREATE SCHEMA mall;
CREATE TABLE mall.t_user (id bigint PRIMARY KEY, nickname varchar(64), register_ms bigint);
CREATE TABLE mall.t_goods (id bigint PRIMARY KEY, sku_id bigint, goods_name varchar(200), category_path varchar(100));
CREATE TABLE mall.t_order (id bigint PRIMARY KEY, order_sn varchar(32) UNIQUE, user_id bigint, shop_id int, goods_id bigint,
    pay_time timestamp, pay_amount numeric(12, 2), goods_num int, order_source smallint, activity_code varchar(20),
    anchor_id bigint, province_code varchar(4), device_fingerprint varchar(64), receiver_mobile varchar(20),
    receiver_address varchar(200), promise_ship_time timestamp, is_deleted smallint DEFAULT 0);
CREATE TABLE mall.t_express (order_id bigint PRIMARY KEY, company_code varchar(20), waybill_no varchar(40),
    weight_kg numeric(8, 3), ship_time timestamp, sign_time timestamp, sign_type smallint);
CREATE TABLE mall.t_im_message (id bigint PRIMARY KEY, order_id bigint, sender smallint, msg_type smallint, content text, send_ms bigint);
CREATE INDEX ON mall.t_im_message (order_id);
CREATE TABLE mall.t_refund (id bigint PRIMARY KEY, refund_sn varchar(32) UNIQUE, order_id bigint, refund_type smallint,
    reason_code int, refund_amount numeric(12, 2), description text, photo_hashes text, apply_time timestamp,
    status smallint, finish_time timestamp, operator smallint);
CREATE INDEX ON mall.t_refund (order_id);
CREATE TABLE mall.t_refund_audit (refund_id bigint, result smallint, auditor varchar(40), remark text, audit_time timestamp);

INSERT INTO mall.t_user VALUES (7001, '小王', 1600000000000), (7002, '小李', NULL);
INSERT INTO mall.t_goods VALUES (1, 88001, '每日坚果 750g', '食品/零食');
INSERT INTO mall.t_order VALUES
    (1, 'SN20261101001', 7001, 301, 1, '2026-11-01 08:00:00', 59.90, 2, 2, '', 42, 'ZJ', 'fp1', '138', 'A', '2026-11-03 08:00:00', 0),
    (2, 'SN20261101002', 7002, 301, 1, '2026-11-01 23:59:59', 0.01, 1, 1, '1111', NULL, 'GD', 'fp1', '139', 'B', NULL, 0),
    (3, 'SN20261101003', 7002, 302, 1, '2026-11-01 12:00:00', 10, 1, 1, '', NULL, 'GD', 'fp1', '139', 'B', NULL, 1),
    (5, 'SN20261101005', 7009, 302, 9, '2026-11-02 12:00:00', 10, 1, 1, '', NULL, 'GD', 'fp2', '137', 'C', NULL, 0),
    (4, 'SN20261101004', 7002, 302, 1, NULL, 10, 1, 1, '', NULL, 'GD', 'fp1', '139', 'B', NULL, 0);
INSERT INTO mall.t_express VALUES (1, 'SF', 'SF1', 1.530, '2026-11-02 10:00:00', '2026-11-04 10:00:00', 2);
INSERT INTO mall.t_im_message VALUES (1, 1, 1, 1, '坚果有霉味', 1762300000000), (2, 1, 2, 13, '可以退货', 1762300060000);
INSERT INTO mall.t_refund VALUES
    (1, 'RF1', 1, 1, 102, 59.90, '有霉味', '0123456789abcdef,fedcba9876543210', '2026-11-05 09:00:00', 20, '2026-11-05 09:01:00', 0),
    (2, 'RF2', 2, 2, 110, 0.01, NULL, '', '2026-11-06 09:00:00', 10, NULL, NULL);
INSERT INTO mall.t_refund_audit VALUES (1, 2, 'kefu-9', '属实', '2026-11-07 09:00:00');
