-- The records of buyer $1 and merchant $2: a row each, of those that there are.
SELECT 'buyer', orders, merchants, paid, refund_only, return_refund, refund_only_amount, abuse,
       legitimate, (extract(epoch FROM first_order_at) * 1000000)::bigint,
       (extract(epoch FROM last_order_at) * 1000000)::bigint, row_to_json(b)::text
  FROM rebut.buyer_record AS b
 WHERE buyer_id = $1
 UNION ALL
SELECT 'merchant', orders, buyers, paid, refund_only, return_refund, refund_only_amount, abuse,
       legitimate, (extract(epoch FROM first_order_at) * 1000000)::bigint,
       (extract(epoch FROM last_order_at) * 1000000)::bigint, row_to_json(m)::text
  FROM rebut.merchant_record AS m
 WHERE merchant_id = $2
